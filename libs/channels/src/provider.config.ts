/** As `process.env`; an empty text counts as not set. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reads one provider's settings, and collects problems on the way, so that an operator sees them all at once. */
export class SettingReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Env) {}

  get(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  /**
   * All of them, or null if none is set; some of them is a problem.
   * @param hints settings that mean nothing alone: one of them without the credentials is a problem too
   */
  allOrNone<Name extends string>(
    names: readonly Name[],
    hints: readonly string[] = [],
  ): Record<Name, string> | null {
    const missing = names.filter((name) => !this.get(name));
    const touched = [...names, ...hints].filter((name) => this.get(name));
    if (touched.length === 0) return null;
    if (missing.length > 0) {
      this.problem(`${touched.join(', ')} set, but ${missing.join(', ')} missing: set all of them or none`);
      return null;
    }
    return Object.fromEntries(names.map((name) => [name, this.get(name) ?? ''])) as Record<Name, string>;
  }

  check(name: string, shape: RegExp, expected: string): void {
    const value = this.get(name);
    if (value !== undefined && !shape.test(value)) this.problem(`${name} must be ${expected}`);
  }

  url(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const scheme = URL.canParse(value) ? new URL(value).protocol : '';
    if (scheme !== 'http:' && scheme !== 'https:') this.problem(`${name} must be an http or https URL`);
    return value;
  }

  /** A call must end well before the lease on its delivery does. */
  timeoutMs(): number | undefined {
    const value = this.get('PROVIDER_TIMEOUT_MS');
    if (value === undefined) return undefined;
    const ms = Number(value);
    if (Number.isInteger(ms) && ms >= 100 && ms <= 15_000) return ms;
    this.problem('PROVIDER_TIMEOUT_MS must be a whole number from 100 to 15000');
    return undefined;
  }

  problem(text: string): void {
    if (!this.problems.includes(text)) this.problems.push(text);
  }
}

import { fitted } from './lines';

/** The part of `process.stdout` that is used. */
export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[2K';
const STYLES = { bold: '1', dim: '2', green: '32', yellow: '33' } as const;
/** How often the status becomes a line of its own where it cannot be written in place. */
const PLAIN_EVERY_MS = 5_000;

/** Lines that stay, and below them one line of status that is written again and again. */
export class Screen {
  private status = '';
  private plainAt: number;

  constructor(
    private readonly terminal: Terminal,
    private readonly color: boolean,
    private readonly now: () => number = Date.now,
  ) {
    this.plainAt = now();
  }

  line(text = ''): void {
    this.terminal.write(this.inPlace ? `${CLEAR_LINE}${text}\n${this.styledStatus()}` : `${text}\n`);
  }

  /** A line that must not wrap. */
  row(text: string, style?: keyof typeof STYLES): void {
    const cut = this.inPlace ? fitted(text, this.columns) : text;
    this.line(style ? this.styled(cut, style) : cut);
  }

  showStatus(text: string): void {
    this.status = text;
    if (this.inPlace) {
      this.terminal.write(`${CLEAR_LINE}${this.styledStatus()}`);
    } else if (this.now() - this.plainAt >= PLAIN_EVERY_MS) {
      this.plainAt = this.now();
      this.terminal.write(`${text}\n`);
    }
  }

  /** Leaves the last status standing as a line of its own. */
  endStatus(): void {
    if (this.inPlace && this.status !== '') this.terminal.write('\n');
    this.status = '';
  }

  styled(text: string, style: keyof typeof STYLES): string {
    return this.color && this.inPlace ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }

  private get inPlace(): boolean {
    return this.terminal.isTTY === true;
  }

  private get columns(): number {
    return this.terminal.columns ?? 80;
  }

  private styledStatus(): string {
    return this.status === '' ? '' : this.styled(fitted(this.status, this.columns - 1), 'dim');
  }
}

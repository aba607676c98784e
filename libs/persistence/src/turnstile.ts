/** Lets so many in at once; the others wait in line. */
export class Turnstile {
  private inside = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** Free now. */
  get places(): number {
    return this.most - this.inside;
  }

  /** @returns how to leave; call it once */
  async enter(): Promise<() => void> {
    if (this.inside >= this.most) await new Promise<void>((resolve) => this.line.push(resolve));
    else this.inside += 1;
    return () => this.leave();
  }

  /** Whoever is next takes the place over: it is never free in between. */
  private leave(): void {
    const next = this.line.shift();
    if (next) next();
    else this.inside -= 1;
  }
}

/**
 * Lets the work of broadcasts go on one slice at a time, with a look at everything else that waits in between: an urgent
 * alert passes the event loop some eight times on its way, and must not meet several slices each time.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  /** Resolves when the caller's turn has come; each turn of the event loop gives one. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) setImmediate(() => this.give());
    });
  }

  private give(): void {
    this.waiting.shift()?.();
    if (this.waiting.length > 0) setImmediate(() => this.give());
  }
}

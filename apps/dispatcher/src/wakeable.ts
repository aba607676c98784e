/** Work that fails is tried again after this long even if nobody wakes it. */
const AFTER_TROUBLE_MS = 1_000;
const SHORTEST_REST_MS = 20;

/**
 * Runs `step` whenever it is woken, never twice at once, and again while it says that more is waiting.
 * A wake-up during a run is remembered, so that work which arrives late in a run is not forgotten.
 */
export class Wakeable {
  private running: Promise<void> | undefined;
  private woken = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly step: () => Promise<boolean>,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  wake(): void {
    if (this.stopped) return;
    this.woken = true;
    this.running ??= this.run();
  }

  /** Wakes later; replaces an earlier call. Never at once: what is due by one clock may not be by another. */
  wakeIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), Math.max(SHORTEST_REST_MS, ms));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.woken && !this.stopped) {
      this.woken = false;
      try {
        this.woken = (await this.step()) || this.woken;
      } catch (error) {
        this.onTrouble(error);
        this.wakeIn(AFTER_TROUBLE_MS);
      }
    }
    this.running = undefined;
  }
}

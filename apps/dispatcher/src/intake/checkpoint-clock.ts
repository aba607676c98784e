const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 60_000;

/**
 * Writing last values may take this share of the time of each partition, of which a process has several: written with
 * each batch they would take most of it.
 */
const SHARE_OF_TIME = 0.01;

/**
 * Says when last values are written. They are needed only to save work after a restart, and for people who ask
 * what a series stands at, so a busy partition writes them seldom and a quiet one within a second.
 */
export class CheckpointClock {
  private lastAt = 0;
  private intervalMs = SHORTEST_INTERVAL_MS;

  /** Milliseconds until the next one is due; 0 if it is. */
  waitMs(now: number): number {
    return Math.max(0, this.lastAt + this.intervalMs - now);
  }

  done(now: number, tookMs: number): void {
    this.lastAt = now;
    this.intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, tookMs / SHARE_OF_TIME));
  }
}

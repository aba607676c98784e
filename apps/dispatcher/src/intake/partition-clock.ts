/** What was appended up to this long ago has surely been handed to those who read: commits become visible late. */
const GRACE_MS = 500;

/** A pause of reading that is longer counts as an outage, in which silence proves nothing. */
const OUTAGE_MS = 60_000;

/**
 * The clock of one partition: the largest time at which the log took what was read so far; while everything is read,
 * the wall clock a little back. It never goes back. Deadlines are decided by it, so a backlog is judged as it happened.
 * @see docs/adr/0010-timers-run-on-the-clock-of-the-log.md
 */
export class PartitionClock {
  /** Epoch ms; -Infinity before anything was read. */
  at: number;
  /** Since when the partition is listened to after its last outage, epoch ms; null if there was none. */
  resumedAt: number | null;
  private listenedAt: number;

  constructor(stored: { clock: number | null; resumedAt: number | null }, now: number) {
    this.at = stored.clock ?? Number.NEGATIVE_INFINITY;
    this.resumedAt = stored.resumedAt;
    this.listenedAt = stored.clock ?? now;
  }

  /** To store; null while there is nothing. */
  get stored(): number | null {
    return Number.isFinite(this.at) ? this.at : null;
  }

  /** Where the clock stands for somebody who has read everything that was in the log at `now`. */
  headAt(now: number): number {
    return Math.max(this.at, now - GRACE_MS);
  }

  advance(to: number): void {
    this.at = Math.max(this.at, to);
  }

  /**
   * The log answered: somebody listens.
   * @returns true after an outage, which ends now
   */
  listen(now: number): boolean {
    const wasAway = now - this.listenedAt > OUTAGE_MS;
    this.listenedAt = Math.max(this.listenedAt, now);
    if (wasAway) this.resumedAt = now;
    return wasAway;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryStore, EndedAttempt } from '@app/persistence';
import { untilRecorded } from './until-recorded';

const MOST_AT_ONCE = 500;
/**
 * Where outcomes come so fast that another one came during a write, it pays to wait for more: a statement for one of them
 * takes the store 0.45 ms, and 0.06 for each of sixteen. No call waits for it; whoever is killed within it leaves a few more
 * attempts of which nobody knows.
 */
const GATHERING_MS = 8;

interface Waiting {
  ended: EndedAttempt;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * Writes outcomes in the order in which they come, whatever has gathered while the last ones were written in one
 * statement: a commit each cost more than the call itself.
 */
export class OutcomeRecorder {
  private waiting: Waiting[] = [];
  private writing = false;
  private draining = false;
  /** Outcomes that are known here and that the store could not take at once. */
  unrecorded = 0;

  constructor(
    private readonly deliveries: Pick<DeliveryStore, 'record'>,
    private readonly onTrouble: (message: string, error: unknown) => void,
  ) {}

  /** Resolves when the store has it. What the provider said is worth more than a lease: it is offered again and again. */
  record(ended: EndedAttempt): Promise<void> {
    return new Promise<void>((done, failed) => {
      this.waiting.push({ ended, done, failed });
      if (!this.writing) void this.write();
    });
  }

  /** From now on a store that is away is not waited for as long. */
  drain(): void {
    this.draining = true;
  }

  private async write(): Promise<void> {
    this.writing = true;
    await Promise.resolve(); // calls that end in the same moment are written together
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      await this.writeBatch(batch);
      if (this.waiting.length > 0 && !this.draining) await delay(GATHERING_MS);
    }
    this.writing = false;
  }

  private async writeBatch(batch: Waiting[]): Promise<void> {
    try {
      await this.deliveries.record(batch.map((one) => one.ended));
      for (const one of batch) one.done();
    } catch (error) {
      this.onTrouble('outcomes wait to be recorded', error);
      // Each for itself: one that the store cannot take must not keep the others out.
      for (const one of batch) {
        this.unrecorded += 1;
        void untilRecorded(
          () => this.deliveries.record([one.ended]),
          () => this.draining,
        )
          .then(one.done, one.failed)
          .finally(() => (this.unrecorded -= 1));
      }
    }
  }
}

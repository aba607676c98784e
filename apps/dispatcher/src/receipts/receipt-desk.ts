import { RECEIPT_STATES } from '@app/contracts';
import type { ReceiptPolicy, ReceiptStore } from '@app/persistence';
import { Wakeable } from '../wakeable';

const PAGE = 1_000;

/**
 * What follows from receipts. Twilio's 30003 and 30008, and a mail box that is full for now: two more attempts, through
 * another carrier where there is one, then the next step or an end. An urgent message does not wait for it.
 */
export const RECEIPT_POLICY: ReceiptPolicy = {
  ranks: RECEIPT_STATES,
  failuresBeforeGivingUp: 2,
  waitMs: { urgent: 1_000, others: 60_000 },
  softBounces: 5,
};

/** Applies what carriers said later as soon as it is kept. */
export class ReceiptDesk {
  private readonly work: Wakeable;

  constructor(receipts: ReceiptStore, onTrouble: (message: string, error: unknown) => void) {
    this.work = new Wakeable(
      async () => (await receipts.applyWaiting(PAGE)) === PAGE,
      (error) => onTrouble('receipts could not be applied', error),
    );
  }

  wake(): void {
    this.work.wake();
  }

  /** Finishes the page under way. */
  async stop(): Promise<void> {
    await this.work.stop();
  }
}

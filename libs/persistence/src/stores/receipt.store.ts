import type { Channel, Receipt, ReceiptState, SuppressionReason } from '@app/contracts';
import type { Database, Queryable } from '../database';
import {
  AFTER_FAILURE,
  ARRIVED,
  INSERT_RECEIPTS,
  LOOK_LATER,
  MARK_APPLIED,
  PROVE_ACCEPTED,
  RAISE_RECEIPT,
  UNDELIVERED_IN_A_ROW,
  WAITING_RECEIPTS,
} from './receipt.sql';
import { suppress } from './suppress';

/** What follows from receipts is policy, and is told to the store. */
export interface ReceiptPolicy {
  /** The states of a receipt from the lowest to the highest. */
  ranks: readonly ReceiptState[];
  /** Attempts that may come back as not delivered and be followed by another. */
  failuresBeforeGivingUp: number;
  /** Until the next attempt, ms. */
  waitMs: { urgent: number; others: number };
  /** Mails in a row that came back softly before the address is suppressed. */
  softBounces: number;
}

/** Keeps what carriers said later; a repetition is kept once. */
export class ReceiptInbox {
  constructor(private readonly database: Database) {}

  /** Once it resolves, no receipt can be lost; whoever applies them is woken. */
  async keep(receipts: readonly Receipt[]): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(INSERT_RECEIPTS, [
      receipts.map((receipt) => receipt.provider),
      receipts.map((receipt) => receipt.eventId),
      receipts.map((receipt) => receipt.attemptId),
      receipts.map((receipt) => receipt.providerMessageId),
      receipts.map((receipt) => receipt.state),
      receipts.map((receipt) => receipt.reason),
      receipts.map((receipt) => new Date(receipt.occurredAt)),
      receipts.map(({ channel, address, mayRetry, suppress }) =>
        JSON.stringify({ channel, address, mayRetry, suppress }),
      ),
    ]);
    return row?.count ?? 0;
  }
}

/**
 * Applies receipts to deliveries and addresses. What could not be applied yet, since its attempt is still unknown or a
 * process died, is found again.
 */
export class ReceiptStore {
  constructor(
    private readonly database: Database,
    private readonly policy: ReceiptPolicy,
  ) {}

  /**
   * Good news by the page, and whatever calls for an act in a transaction of its own.
   * @returns how many were looked at
   */
  async applyWaiting(limit: number): Promise<number> {
    const waiting = await this.database.query<WaitingReceipt>(WAITING_RECEIPTS, [limit]);
    const known = waiting.filter((receipt): receipt is MatchedReceipt => receipt.attemptId !== null);
    await this.applyNews(known.filter((receipt) => !callsForAct(receipt)));
    for (const receipt of waiting.filter(callsForAct)) {
      await this.database.transaction((transaction) => this.act(transaction, receipt));
    }
    const unknown = waiting.filter((receipt) => receipt.attemptId === null);
    await this.database.query(LOOK_LATER, [unknown.map((receipt) => receipt.id)]);
    return waiting.length;
  }

  private async applyNews(news: readonly MatchedReceipt[]): Promise<void> {
    if (news.length === 0) return;
    await this.database.transaction(async (transaction) => {
      await this.settle(transaction, news);
      await markApplied(transaction, news);
    });
  }

  private async settle(transaction: Queryable, news: readonly MatchedReceipt[]): Promise<void> {
    const attempts = news.map((receipt) => receipt.attemptId);
    await transaction.query(PROVE_ACCEPTED, [attempts, news.map((receipt) => receipt.providerMessageId)]);
    await transaction.query(RAISE_RECEIPT, [
      attempts,
      news.map((receipt) => receipt.state),
      news.map((receipt) => receipt.occurredAt),
      this.policy.ranks,
    ]);
    const arrived = news.filter(({ state }) => state === 'delivered' || state === 'seen');
    if (arrived.length > 0) await transaction.query(ARRIVED, [arrived.map((receipt) => receipt.attemptId)]);
  }

  /** Customers and the audit before deliveries: whoever locks them locks them in this order. */
  private async act(transaction: Queryable, receipt: WaitingReceipt): Promise<void> {
    const isMatched = receipt.attemptId !== null;
    const matched = receipt as MatchedReceipt;
    if (isMatched && !(await markApplied(transaction, [matched]))) return;
    await this.suppressFor(transaction, receipt);
    if (!isMatched) return;
    await this.settle(transaction, [matched]);
    if (receipt.state !== 'undelivered' && receipt.state !== 'bounced') return;
    const { failuresBeforeGivingUp, waitMs } = this.policy;
    const mayRetry = receipt.state === 'undelivered' && receipt.detail.mayRetry;
    await transaction.query(AFTER_FAILURE, [
      receipt.attemptId,
      mayRetry,
      failuresBeforeGivingUp,
      receipt.reason,
      waitMs.urgent,
      waitMs.others,
    ]);
  }

  private async suppressFor(transaction: Queryable, receipt: WaitingReceipt): Promise<void> {
    const { channel } = receipt.detail;
    const address = receipt.contactAddress ?? receipt.detail.address;
    const reason = receipt.detail.suppress ?? (await this.afterSoftBounce(transaction, receipt));
    if (!reason || !address) return;
    const source = `provider:${receipt.provider}`;
    await suppress(transaction, { channel, address, customerId: null, topic: null, reason, source });
  }

  /** One full mail box is no reason to give an address up; several mails in a row are. */
  private async afterSoftBounce(
    transaction: Queryable,
    { state, deliveryId, detail }: WaitingReceipt,
  ): Promise<SuppressionReason | null> {
    if (state !== 'undelivered' || detail.channel !== 'email') return null;
    const [row] = await transaction.query<{ count: number }>(UNDELIVERED_IN_A_ROW, [deliveryId]);
    const withThisOne = (row?.count ?? 0) + 1;
    return withThisOne >= this.policy.softBounces ? 'softBounces' : null;
  }
}

interface WaitingReceipt {
  id: number;
  provider: string;
  state: Receipt['state'];
  reason: string;
  occurredAt: Date;
  providerMessageId: string | null;
  detail: Pick<Receipt, 'mayRetry'> & {
    channel: Channel;
    /** Both are gone once the address was suppressed. */
    address?: string | null;
    suppress?: SuppressionReason | null;
  };
  /** Null while no attempt of ours is known that it speaks of. */
  attemptId: string | null;
  deliveryId: string | null;
  contactAddress: string | null;
}

type MatchedReceipt = WaitingReceipt & { attemptId: string };

const TROUBLE: readonly Receipt['state'][] = ['undelivered', 'bounced', 'complained'];

function callsForAct({ state, detail, attemptId }: WaitingReceipt): boolean {
  if (attemptId === null) return Boolean(detail.suppress);
  return Boolean(detail.suppress) || TROUBLE.includes(state);
}

/** False for all that another process has applied meanwhile. */
async function markApplied(transaction: Queryable, receipts: readonly MatchedReceipt[]): Promise<boolean> {
  const rows = await transaction.query(MARK_APPLIED, [
    receipts.map((receipt) => receipt.id),
    receipts.map((receipt) => receipt.attemptId),
  ]);
  return rows.length > 0;
}

import type { Channel, Lane, NotificationBody, SendOutcome } from '@app/contracts';
import type { Database } from '../database';
import { CLAIM, NEXT_DUE } from './claim.sql';
import type {
  ClaimRequest,
  ClaimedDelivery,
  DeliverySettlement,
  LaterDecision,
  UnsentSettlement,
} from './claimed-delivery';
import { ASSIGN, OVERDUE, RECORD, REWORDED, SETTLE_UNSENT, TAKE_OVER } from './delivery.sql';

/** How one attempt ended, and where that leaves its delivery. */
export interface EndedAttempt {
  delivery: Pick<ClaimedDelivery, 'attemptId' | 'deliveryId' | 'leaseEpoch'>;
  outcome: SendOutcome;
  settlement: DeliverySettlement;
  /** Ask the carrier after so many ms what became of it; null if it cannot be asked. */
  askInMs: number | null;
}

/** The deliveries themselves are the queue: a lost wake-up loses nothing. */
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** Leases due deliveries and writes their attempts, committed before anything is sent. */
  async claim({ lane, limit, owner, leaseMs, most, providers }: ClaimRequest): Promise<ClaimedDelivery[]> {
    const rows = await this.database
      .forRows(limit)
      .query<ClaimedRow>(CLAIM, [
        lane,
        Object.keys(most),
        Object.values(most).map((count) => Math.min(count, limit)),
        limit,
        owner,
        leaseMs,
        JSON.stringify(providers),
      ]);
    return rows.map(({ kind, facts, name, timeZone, language, ...rest }) => ({
      ...rest,
      body: { kind, facts } as NotificationBody,
      recipient: { name, timeZone, language },
    }));
  }

  /** Notes the carriers that were chosen instead of those of the claim; to be awaited before they are called. */
  async assign(
    chosen: readonly (Pick<ClaimedDelivery, 'attemptId' | 'deliveryId'> & { provider: string })[],
  ): Promise<void> {
    await this.database
      .forRows(chosen.length)
      .query(ASSIGN, [
        chosen.map((one) => one.attemptId),
        chosen.map((one) => one.deliveryId),
        chosen.map((one) => one.provider),
      ]);
  }

  /** In how many ms the next delivery of a lane on these channels is due, by the database's clock; null if none waits. */
  async nextDueInMs(lane: Lane, channels: readonly Channel[]): Promise<number | null> {
    const [row] = await this.database
      .forRows(channels.length)
      .query<{ ms: number | null }>(NEXT_DUE, [lane, channels]);
    return row?.ms ?? null;
  }

  /**
   * Writes how attempts ended, all or none of them.
   * @returns the deliveries that followed; another one's lease had been taken over
   */
  async record(ended: readonly EndedAttempt[]): Promise<Set<string>> {
    const rows = await this.database
      .forRows(ended.length)
      .query<{ deliveryId: string }>(RECORD, [
        ended.map((one) => one.delivery.attemptId),
        ended.map((one) => one.outcome.kind),
        ended.map(({ outcome }) => (outcome.kind === 'accepted' ? '' : outcome.reason)),
        ended.map(({ outcome }) => (outcome.kind === 'accepted' ? outcome.providerMessageId : null)),
        ended.map((one) => one.delivery.deliveryId),
        ended.map((one) => one.delivery.leaseEpoch),
        ended.map((one) => one.settlement.state),
        ended.map((one) => one.settlement.reason),
        ended.map((one) => one.settlement.waitMs),
        ended.map((one) => one.settlement.usedTry),
        ended.map((one) => one.settlement.duplicatePossible),
        ended.map((one) => one.settlement.avoidProvider),
        ended.map((one) => one.askInMs),
      ]);
    return new Set(rows.map((row) => row.deliveryId));
  }

  /**
   * Ends a claim without a call: the attempt it wrote goes again.
   * @returns false if the lease had been taken over
   */
  async settleUnsent(
    { attemptId, deliveryId, leaseEpoch }: Pick<ClaimedDelivery, 'attemptId' | 'deliveryId' | 'leaseEpoch'>,
    { state, reason, waitMs, asked, decided }: UnsentSettlement,
  ): Promise<boolean> {
    const rows = await this.database
      .forRows(1)
      .query(SETTLE_UNSENT, [
        attemptId,
        deliveryId,
        leaseEpoch,
        state,
        reason,
        asked?.attemptId ?? null,
        asked?.providerMessageId ?? null,
        asked !== null && state === 'accepted',
        waitMs,
        decided && JSON.stringify(decided),
      ]);
    return rows.length > 0;
  }

  /** Keeps why deliveries go in other words than were planned; to be awaited before they go. */
  async noteReworded(reworded: readonly { deliveryId: string; decided: LaterDecision }[]): Promise<void> {
    await this.database
      .forRows(reworded.length)
      .query(REWORDED, [
        reworded.map((one) => one.deliveryId),
        reworded.map((one) => one.decided.decision),
        reworded.map((one) => one.decided.reason),
        reworded.map((one) => JSON.stringify(one.decided.detail)),
      ]);
  }

  /**
   * Takes over leases that ran out: nobody knows whether those messages left. They are marked unless sending again
   * shows one message at most, and become due at once.
   */
  async takeOverExpiredLeases(
    idempotentProviders: readonly string[],
  ): Promise<{ deliveryId: string; lane: Lane }[]> {
    return this.database.query(TAKE_OVER, [idempotentProviders]);
  }

  /** Ends deliveries whose time has passed before they could go. */
  async expireOverdue(lanes: readonly Lane[]): Promise<number> {
    const rows = await this.database.query(OVERDUE, [lanes]);
    return rows.length;
  }
}

type ClaimedRow = Omit<ClaimedDelivery, 'body' | 'recipient'> &
  ClaimedDelivery['recipient'] & { kind: string; facts: unknown };

import type { Channel } from '@app/contracts';
import type { Database } from '../database';
import type { BroadcastAlert } from './broadcast-planning.store';
import {
  CLAIM_DUE,
  CLAIM_THESE,
  HALVE,
  LATE,
  LOAD_BATCH,
  NEXT_DUE,
  OVERDUE_BATCHES,
  RECONCILE,
  SET_ASIDE,
  SETTLE,
} from './broadcast-sending.sql';

/** People who are told in one call, leased to this dispatcher. */
export interface ClaimedBatch extends BroadcastAlert {
  batch: number;
  channel: Channel;
  language: string;
  firstSeq: number;
  lastSeq: number;
  people: number;
  attemptNo: number;
  leaseEpoch: number;
  duplicatePossible: boolean;
  /** Epoch ms. */
  expiresAt: number;
}

/** One person of a batch. */
export interface BatchMember {
  seq: number;
  customerId: string;
  contactPointId: string | null;
  address: string;
  name: string;
}

/** Why somebody of a batch is not told any more: `contactPointGone`, `addressSuppressed`, `switchedOff`. */
export interface WithdrawnMember {
  seq: number;
  reason: string;
}

export interface BatchSettlement {
  state: 'accepted' | 'pending' | 'failed' | 'ambiguous';
  reason: string;
  /** Until the next try; meaningful for `pending`. */
  waitMs: number;
  usedTry: boolean;
  duplicatePossible: boolean;
}

export interface BatchLease {
  owner: string;
  ms: number;
  provider: string;
}

type Place = Pick<ClaimedBatch, 'alertSeq' | 'batch' | 'leaseEpoch'>;

/** Batches are claimed and settled as single rows; a person's own row is touched only where it differs. */
export class BroadcastSendingStore {
  constructor(private readonly database: Database) {}

  /** Leases batches of one channel that are due; those of a paused or cancelled service alert are not. */
  claimDue(channel: Channel, limit: number, { owner, ms, provider }: BatchLease): Promise<ClaimedBatch[]> {
    return this.database.query<ClaimedBatch>(CLAIM_DUE, [limit, owner, ms, provider, channel]);
  }

  /** The same for batches that were just planned; fewer come back if it was paused meanwhile. */
  claimThese(
    alertSeq: number,
    batches: readonly number[],
    { owner, ms, provider }: BatchLease,
  ): Promise<ClaimedBatch[]> {
    const values = [batches.length, owner, ms, provider, alertSeq, batches];
    return this.database.query<ClaimedBatch>(CLAIM_THESE, values);
  }

  async membersOf(batch: ClaimedBatch): Promise<{ members: BatchMember[]; withdrawn: WithdrawnMember[] }> {
    const { alertSeq, firstSeq, lastSeq, topic } = batch;
    type Row = BatchMember & { withdrawn: string | null };
    const values = [alertSeq, firstSeq, lastSeq, batch.batch, topic];
    const rows = await this.database.query<Row>(LOAD_BATCH, values);
    return {
      members: rows.flatMap(({ withdrawn, ...member }) => (withdrawn === null ? [member] : [])),
      withdrawn: rows.flatMap(({ withdrawn, seq }) =>
        withdrawn === null ? [] : [{ seq, reason: withdrawn }],
      ),
    };
  }

  /** Gives some people of a batch a state of their own. @returns how many are left; null if the lease was lost */
  async setAside(
    { alertSeq, batch, leaseEpoch }: Place,
    state: 'failed' | 'withdrawn',
    members: readonly WithdrawnMember[],
  ): Promise<number | null> {
    const seqs = members.map((member) => member.seq);
    const reasons = members.map((member) => member.reason);
    const values = [alertSeq, batch, leaseEpoch, seqs, state, reasons];
    const [row] = await this.database.query<{ people: number }>(SET_ASIDE, values);
    return row?.people ?? null;
  }

  /** @returns false if there is nothing to halve, or the lease was lost */
  async halve({ alertSeq, batch, leaseEpoch }: Place): Promise<boolean> {
    return (await this.database.query(HALVE, [alertSeq, batch, leaseEpoch])).length > 0;
  }

  /** @returns false if the lease had been taken over and nothing new is known */
  async settle(
    { alertSeq, batch, leaseEpoch }: Place,
    settlement: BatchSettlement,
    providerMessageId: string | null,
  ): Promise<boolean> {
    const { state, reason, waitMs, usedTry, duplicatePossible } = settlement;
    const rows = await this.database.query(SETTLE, [
      alertSeq,
      batch,
      leaseEpoch,
      state,
      reason,
      waitMs,
      usedTry ? 0 : 1,
      duplicatePossible,
      providerMessageId,
    ]);
    return rows.length > 0;
  }

  /** Batches whose lease ran out: nobody knows whether those calls left. */
  late(): Promise<ClaimedBatch[]> {
    return this.database.query<ClaimedBatch>(LATE);
  }

  /** Ends what nobody sent in time, and counts as accepted what the provider has spoken of. */
  async tidy(): Promise<void> {
    await this.database.query(RECONCILE);
    await this.database.query(OVERDUE_BATCHES);
  }

  async nextDueInMs(): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(NEXT_DUE);
    return row?.ms ?? null;
  }
}

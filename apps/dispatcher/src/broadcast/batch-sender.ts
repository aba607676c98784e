import { nameForMany, type BulkMessage, type BulkOutcome, type BulkRecipient } from '@app/channels';
import type { SendOutcome, TopicPolicy } from '@app/contracts';
import type { PublicLinks } from '@app/links';
import {
  ledgerId,
  type BatchMember,
  type BroadcastAlert,
  type BroadcastSendingStore,
  type ClaimedBatch,
} from '@app/persistence';
import type { Carrier } from '../delivery/carriers/carrier';
import { untilRecorded } from '../delivery/until-recorded';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { BroadcastTexts } from './broadcast-texts';
import { settleBatch } from './settle-batch';
import type { Turns } from './turns';

const CARRIER_AWAY_MS = 2_000;
/** Signing the links of so many takes some two milliseconds. */
const SLICE = 200;

export interface BatchSenderParts {
  sending: BroadcastSendingStore;
  texts: BroadcastTexts;
  turns: Turns;
  /** Null where nothing says where links lead. */
  links: PublicLinks | null;
  metrics: DispatcherMetrics;
  timeoutMs: number;
  now: () => number;
  random: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

type BatchToWrite = BroadcastAlert & Pick<ClaimedBatch, 'language' | 'leaseEpoch' | 'expiresAt'>;

/** Makes the one call of a claimed batch and writes down what came of it. */
export class BatchSender {
  /** Outcomes that are known here and not yet in the store. */
  unrecorded = 0;

  constructor(private readonly parts: BatchSenderParts) {}

  /**
   * @param written what its people get, where it was written before the claim
   * @returns when the outcome is recorded
   */
  async send(
    batch: ClaimedBatch,
    members: readonly BatchMember[],
    carrier: Carrier,
    { onAmbiguous, written }: Pick<TopicPolicy, 'onAmbiguous'> & { written?: BulkMessage },
  ): Promise<void> {
    const outcome = await this.call(written ?? (await this.write(batch, members)), carrier);
    const { provider } = carrier;
    if (outcome?.kind === 'refused') return this.takeApart(batch, members, outcome);
    const { now, random, metrics, sending } = this.parts;
    const settlement = outcome
      ? settleBatch(batch, outcome, { provider, onAmbiguous, now: now(), random: random() })
      : { ...waiting, waitMs: CARRIER_AWAY_MS };
    const id = outcome?.kind === 'accepted' ? outcome.providerMessageId : null;
    await this.insist(() => sending.settle(batch, settlement, id));
    if (outcome) metrics.attempts.inc({ channel: batch.channel, provider, outcome: outcome.kind });
    metrics.settled.inc({ channel: batch.channel, state: settlement.state }, members.length);
  }

  /** The same for a batch that waited: who must not be told any more leaves it first. */
  async sendLoaded(
    batch: ClaimedBatch,
    carrier: Carrier,
    policy: Pick<TopicPolicy, 'onAmbiguous'>,
  ): Promise<void> {
    const { sending } = this.parts;
    const { members, withdrawn } = await sending.membersOf(batch);
    if (withdrawn.length > 0) await sending.setAside(batch, 'withdrawn', withdrawn);
    if (members.length > 0) return this.send(batch, members, carrier, policy);
    carrier.giveBack();
    await sending.settle(batch, { ...waiting, state: 'failed', reason: 'nobodyLeft' }, null);
  }

  /** Of a batch whose lease ran out nobody knows whether its call left. */
  async settleLate(batch: ClaimedBatch, { onAmbiguous }: Pick<TopicPolicy, 'onAmbiguous'>): Promise<void> {
    const { sending, now, random } = this.parts;
    const outcome = { kind: 'ambiguous', reason: 'leaseExpired' } as const;
    const terms = { provider: '', onAmbiguous, now: now(), random: random() };
    await sending.settle(batch, settleBatch(batch, outcome, terms), null);
  }

  /**
   * What the people of a batch get. What is written before the claim is on its way at once after it: that keeps short what
   * a pause cannot hold back any more.
   */
  async write(batch: BatchToWrite, members: readonly BatchMember[]): Promise<BulkMessage> {
    const { texts, turns } = this.parts;
    const { expiresAt } = batch;
    const recipients: BulkRecipient[] = [];
    for (let from = 0; from < members.length; from += SLICE) {
      await turns.next();
      for (const member of members.slice(from, from + SLICE))
        recipients.push(this.recipientOf(batch, member));
    }
    await turns.next(); // what follows makes one text of all of it
    return { ...texts.forMail(batch, batch.language), expiresAt, recipients };
  }

  private async call(message: BulkMessage, carrier: Carrier): Promise<BulkOutcome | null> {
    const { adapter } = carrier;
    let outcome: BulkOutcome = { kind: 'rejected', reason: 'cannotBeWritten' };
    const passed = await carrier.call(async (): Promise<SendOutcome> => {
      outcome = await sendMany(adapter, message, this.parts.timeoutMs);
      return outcome.kind === 'refused' ? { kind: 'rejected', reason: outcome.reason } : outcome;
    });
    return passed && outcome;
  }

  private recipientOf({ alertSeq, leaseEpoch, topic }: BatchToWrite, member: BatchMember): BulkRecipient {
    const { seq, customerId, contactPointId, address, name } = member;
    return {
      to: address,
      ...nameForMany(name),
      links: this.parts.links?.linksOf({ customerId, contactPointId, topic, channel: 'email' }) ?? null,
      deliveryId: ledgerId({ alertSeq, seq }),
      attemptId: ledgerId({ alertSeq, seq }, leaseEpoch),
    };
  }

  /** Nobody was sent anything: who was named leaves, and the others go again; if nobody was, each half goes by itself. */
  private async takeApart(
    batch: ClaimedBatch,
    members: readonly BatchMember[],
    { reason, indexes }: Extract<BulkOutcome, { kind: 'refused' }>,
  ): Promise<void> {
    const { sending, metrics } = this.parts;
    const places = members.length === 1 ? [0] : indexes;
    const refused = places.flatMap((place) => {
      const member = members[place];
      return member ? [{ seq: member.seq, reason }] : [];
    });
    metrics.settled.inc({ channel: batch.channel, state: 'failed' }, refused.length);
    if (refused.length === 0) return this.insist(() => sending.halve(batch));
    await this.insist(() => sending.setAside(batch, 'failed', refused));
    const rest = members.length - refused.length;
    const settlement =
      rest > 0 ? { ...waiting, waitMs: 0 } : { ...waiting, state: 'failed' as const, reason };
    await this.insist(() => sending.settle(batch, settlement, null));
  }

  private async insist(record: () => Promise<unknown>): Promise<void> {
    const onTrouble = (error: unknown): void =>
      this.parts.onTrouble("a batch's outcome waits to be recorded", error);
    this.unrecorded += 1;
    await untilRecorded(record, () => false, onTrouble).finally(() => (this.unrecorded -= 1));
  }
}

const waiting = {
  state: 'pending',
  reason: 'carrierAway',
  waitMs: 0,
  usedTry: false,
  duplicatePossible: false,
} as const;

/** Never rejects: an adapter's bug means that nobody can know what left. */
async function sendMany(
  adapter: Carrier['adapter'],
  message: BulkMessage,
  timeoutMs: number,
): Promise<BulkOutcome> {
  try {
    const sent = await adapter.sendMany?.(message, AbortSignal.timeout(timeoutMs));
    return sent ?? { kind: 'rejected', reason: 'configuration' };
  } catch {
    return { kind: 'ambiguous', reason: 'providerError' };
  }
}

import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { EarlierAttempt, Found, MessageWriter } from '@app/channels';
import type { ClaimedDelivery, DeliveryStore, ReceiptInbox, UnsentSettlement } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { CallTimes } from './call-times';
import type { Carrier } from './carriers/carrier';
import type { Carriers } from './carriers/carriers';
import type { OutcomeRecorder } from './outcome-recorder';
import { FIRST_QUESTION_MS, FIRST_URGENT_QUESTION_MS } from './receipt-poll';
import { afterAsking, doubtAbout } from './reconcile';
import { sendMessage, writeMessage, type LinksOf } from './send-delivery';
import { settleDelivery } from './settle-delivery';

/** What meets a closed door waits so long before it looks again. */
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Resolves when the store has it; true if the delivery waits now for another try. */
export type Recording = (record: Promise<boolean>) => void;

export interface CourierParts {
  deliveries: DeliveryStore;
  carriers: Carriers;
  recorder: OutcomeRecorder;
  receipts: Pick<ReceiptInbox, 'keep'>;
  metrics: DispatcherMetrics;
  linksOf: LinksOf;
  writer: MessageWriter;
  now: () => number;
  random: () => number;
  /** Called with each carrier that has just failed. */
  onFault: (carrier: Carrier) => void;
  /** Called with each outcome once it is recorded; never rejects. */
  onOutcome: (delivery: ClaimedDelivery, outcome: SendOutcome) => Promise<void>;
}

/** Brings one claimed delivery to its end: asks about an earlier attempt, sends, and has the outcome recorded. */
export class Courier {
  constructor(private readonly parts: CourierParts) {}

  /**
   * @param times of the question about an earlier attempt and of the call
   * @param recording called with the promise of the record as soon as the call is over: from then on the place is free
   * @returns when the call is over
   */
  async deliver(
    delivery: ClaimedDelivery,
    carrier: Carrier,
    times: CallTimes,
    recording: Recording,
  ): Promise<void> {
    const message = writeMessage(delivery, this.parts);
    if ('kind' in message) return this.refuse(delivery, carrier, message, recording);
    const unsent = await this.settleDoubt(delivery, message, times.askMs);
    if (unsent) {
      carrier.giveBack();
      return recording(this.endUnsent(delivery, unsent));
    }
    const outcome = await carrier.call(() => sendMessage(message, carrier.adapter, times.sendMs));
    recording(outcome ? this.end(delivery, carrier, outcome) : this.wait(delivery, 'carrierAway'));
  }

  /** Gives a claim back without a call; it comes again when a carrier may be there. */
  wait(delivery: ClaimedDelivery, reason: 'carrierAway' | 'givenBack', waitMs = 0): Promise<boolean> {
    const bounded = Math.min(Math.max(waitMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    return this.endUnsent(delivery, {
      state: 'retry',
      reason: delivery.waitedFor || reason,
      waitMs: reason === 'givenBack' ? 0 : bounded,
      asked: null,
      decided: null,
    });
  }

  async endUnsent(delivery: ClaimedDelivery, unsent: UnsentSettlement): Promise<boolean> {
    await this.parts.deliveries.settleUnsent(delivery, unsent);
    this.parts.metrics.settled.inc({ channel: delivery.channel, state: unsent.state });
    return unsent.state === 'retry';
  }

  private refuse(
    delivery: ClaimedDelivery,
    carrier: Carrier,
    outcome: SendOutcome,
    recording: Recording,
  ): void {
    carrier.giveBack();
    recording(this.end(delivery, carrier, outcome));
  }

  private async settleDoubt(
    delivery: ClaimedDelivery,
    message: OutgoingMessage,
    askMs: number,
  ): Promise<UnsentSettlement | null> {
    const { former, channel } = delivery;
    if (!former) return null;
    const adapter = this.parts.carriers.adapterOf(channel, former.provider);
    const doubt = doubtAbout(delivery, {
      idempotent: adapter?.idempotent ?? false,
      canAsk: adapter?.askAbout !== undefined,
    });
    if (doubt === 'none') return null;
    if (doubt !== 'ask') return this.resolved(doubt, 'receipt');
    const { attemptId, providerMessageId, startedAt: sentAt } = former;
    const { deliveryId, to, text } = message;
    const earlier: EarlierAttempt = { attemptId, deliveryId, providerMessageId, to, text, sentAt };
    const found = await ask(() => adapter?.askAbout?.(earlier, AbortSignal.timeout(askMs)));
    if (found.kind === 'found') await this.parts.receipts.keep([found.receipt]);
    return this.resolved(afterAsking(delivery, found), found.kind);
  }

  private resolved(unsent: UnsentSettlement | null, by: 'receipt' | Found['kind']): UnsentSettlement | null {
    this.parts.metrics.reconciled.inc({ answer: by, led: unsent?.state ?? 'sentAgain' });
    return unsent;
  }

  private async end(delivery: ClaimedDelivery, carrier: Carrier, outcome: SendOutcome): Promise<boolean> {
    const { carriers, metrics, recorder, now, random } = this.parts;
    const { provider, idempotent, askAbout } = carrier.adapter;
    const settlement = settleDelivery(delivery, outcome, {
      provider,
      idempotent,
      canAsk: askAbout !== undefined,
      hasOther: carriers.hasOther(delivery, provider),
      now: now(),
      random: random(),
    });
    metrics.attempts.inc({ channel: delivery.channel, provider, outcome: outcome.kind });
    if (outcome.kind === 'accepted') metrics.acceptedSeconds.observe((now() - delivery.causedAt) / 1000);
    else if (carrier.ails) this.parts.onFault(carrier);
    const firstMs = delivery.lane === 'urgent' ? FIRST_URGENT_QUESTION_MS : FIRST_QUESTION_MS;
    const askInMs = askAbout && outcome.kind === 'accepted' ? firstMs : null;
    await recorder.record({ delivery, outcome, settlement, askInMs });
    await this.parts.onOutcome(delivery, outcome);
    metrics.settled.inc({ channel: delivery.channel, state: settlement.state });
    return settlement.state === 'retry';
  }
}

async function ask(question: () => Promise<Found> | undefined): Promise<Found> {
  try {
    return (await question()) ?? { kind: 'unknown' };
  } catch {
    return { kind: 'unknown' }; // an adapter's bug proves nothing
  }
}

import type { Found } from '@app/channels';
import type { ReceiptInbox, ReceiptPollStore, SilentAttempt } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { Carriers } from './carriers/carriers';

/** As few as GoAlert asks about at once: the questions must not crowd out the messages. */
const AT_ONCE = 10;
const ASK_TIMEOUT_MS = 3_000;
const FORGOTTEN_AT_ONCE = 5_000;

const MINUTE_MS = 60_000;
/** First asked after a minute; then so long after each question. */
const WAITS_MS = [4, 15, 60, 240, 720, 1_440].map((minutes) => minutes * MINUTE_MS);

export const FIRST_QUESTION_MS = MINUTE_MS;
/** What is urgent goes to another carrier within a minute of no word, this sweep's wait included. */
export const FIRST_URGENT_QUESTION_MS = 45_000;

interface PollParts {
  store: ReceiptPollStore;
  receipts: Pick<ReceiptInbox, 'keep'>;
  carriers: Carriers;
  metrics: DispatcherMetrics;
}

/** Asks carriers about messages that no receipt came for, and has urgent ones go another way. */
export class ReceiptPoll {
  private running = false;

  constructor(private readonly parts: PollParts) {}

  /** Meant to be called every few seconds; a call while one is under way does nothing. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      await this.parts.store.forgetAnswered(FORGOTTEN_AT_ONCE);
      const due = await this.parts.store.takeDue(AT_ONCE, WAITS_MS);
      await Promise.all(due.map((attempt) => this.askAbout(attempt)));
    } finally {
      this.running = false;
    }
  }

  private async askAbout(attempt: SilentAttempt): Promise<void> {
    const found = await this.ask(attempt);
    this.parts.metrics.polled.inc({ provider: attempt.provider, answer: found.kind });
    if (found.kind === 'found') await this.parts.receipts.keep([found.receipt]);
    const hasArrived = found.kind === 'found' && !['accepted', 'sent'].includes(found.receipt.state);
    if (hasArrived || attempt.lane !== 'urgent' || attempt.isRerouted) return;
    const { channel, address, provider } = attempt;
    const carried = { channel, lane: attempt.lane, address, pinnedProvider: null, avoidProvider: null };
    if (this.parts.carriers.hasOther(carried, provider)) await this.parts.store.reroute(attempt);
  }

  private async ask(attempt: SilentAttempt): Promise<Found> {
    const { attemptId, deliveryId, channel, provider, providerMessageId, startedAt: sentAt } = attempt;
    const adapter = this.parts.carriers.adapterOf(channel, provider);
    const about = { attemptId, deliveryId, providerMessageId, to: attempt.address ?? '', text: '', sentAt };
    try {
      const asked = adapter?.askAbout?.(about, AbortSignal.timeout(ASK_TIMEOUT_MS));
      return (await asked) ?? { kind: 'unknown' };
    } catch {
      return { kind: 'unknown' }; // an adapter's bug proves nothing
    }
  }
}

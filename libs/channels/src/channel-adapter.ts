import type { Channel, OutgoingMessage, Receipt, SendOutcome } from '@app/contracts';
import type { BulkMessage, BulkOutcome } from './bulk-message';

/** An earlier attempt, as far as we know it, that its carrier is asked about. */
export interface EarlierAttempt {
  attemptId: string;
  deliveryId: string;
  /** Null where no answer told it: then the carrier is searched for the address and the text. */
  providerMessageId: string | null;
  to: string;
  /** As it was sent, to be compared. */
  text: string;
  /** Epoch ms at which the call began. */
  sentAt: number;
}

/**
 * What a carrier knows of an earlier attempt. `unknown`: it could not be asked, or its answer proves nothing;
 * `notFound`: it was asked and has no such message; `found`: it has taken the message, and this became of it.
 */
export type Found = { kind: 'unknown' } | { kind: 'notFound' } | { kind: 'found'; receipt: Receipt };

/**
 * Carries messages of one channel through one provider. An adapter classifies what happened; it never retries.
 * What only some can do is optional: whoever wants it asks whether it is there.
 */
export interface ChannelAdapter {
  readonly channel: Channel;
  /** `twilio`, `sendgrid`, `x`, `inbox`, `outbox`. */
  readonly provider: string;
  /** True if sending the same delivery id twice shows one message: then an ambiguous attempt is simply repeated. */
  readonly idempotent: boolean;
  /** How long one call may take, in ms, 15 s at most: a delivery is leased for 20 s. Absent: 10 s. */
  readonly callMs?: number;
  /**
   * @param signal aborts the call; an abort after the request left is `ambiguous`
   * @returns never rejects: whatever happens is an outcome; reasons are stable words without address or secret
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;

  /**
   * Whether this carrier can reach an address of its channel; absent: all of them. What it is asked to carry elsewhere, for
   * want of another carrier, is `rejected` as `configuration`: the address may be good.
   */
  serves?(to: string): boolean;
  /**
   * Asks the provider what became of an attempt: of one that ended without an answer, or of one whose receipt is missing.
   * @returns never rejects
   */
  askAbout?(attempt: EarlierAttempt, signal: AbortSignal): Promise<Found>;
  /** The most people that one call of `sendMany` may be for; absent where it is. */
  readonly manyAtMost?: number;
  /**
   * One call for many people, each of whom gets a message of their own.
   * @returns never rejects; see `send`
   */
  sendMany?(message: BulkMessage, signal: AbortSignal): Promise<BulkOutcome>;
}

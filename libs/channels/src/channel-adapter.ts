import type { Channel, OutgoingMessage, SendOutcome } from '@app/contracts';

/** Carries messages of one channel through one provider. An adapter classifies what happened; it never retries. */
export interface ChannelAdapter {
  readonly channel: Channel;
  /** `twilio`, `sendgrid`, `x`, `inbox`, `outbox`. */
  readonly provider: string;
  /** True if sending the same delivery id twice shows one message: then an ambiguous attempt is simply repeated. */
  readonly idempotent: boolean;
  /**
   * @param signal aborts the call; an abort after the request left is `ambiguous`
   * @returns never rejects: whatever happens is an outcome; reasons are stable words without address or secret
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;
}

import type { Channel, OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { keepMessage, type MessageKeeper } from '../keep-message';

/** Stands in for a channel that has no provider yet: keeps each message where a person can look at it. */
export class OutboxAdapter implements ChannelAdapter {
  readonly provider = 'outbox';
  readonly idempotent = true;

  constructor(
    readonly channel: Channel,
    private readonly outbox: MessageKeeper,
  ) {}

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return keepMessage(this.outbox, message, signal);
  }

  async close(): Promise<void> {}
}

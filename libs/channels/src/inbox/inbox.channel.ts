import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { keepMessage, type MessageKeeper } from '../keep-message';

/** The customer's inbox inside the host's own pages: no provider, only a store. */
export class InboxAdapter implements ChannelAdapter {
  readonly channel = 'inbox';
  readonly provider = 'inbox';
  readonly idempotent = true;

  constructor(private readonly inbox: MessageKeeper) {}

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return keepMessage(this.inbox, message, signal);
  }

  async close(): Promise<void> {}
}

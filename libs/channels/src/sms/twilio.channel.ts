import type { Twilio } from 'twilio';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter, EarlierAttempt, Found } from '../channel-adapter';
import { callbackFor } from '../callbacks/callback-url';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { askTwilio } from './ask-twilio';
import { openTwilio, twilioVocabulary, type CreatedResource, type TwilioAccount } from './open-twilio';
import { TWILIO_CODES } from './twilio-codes';

export interface TwilioSettings extends TwilioAccount {
  /** Who sends: a number of ours in E.164, or a messaging service (`MG…`). */
  sender: { from: string } | { messagingServiceSid: string };
  /** Public URL that Twilio calls with each status; the attempt's id is added as `attempt`. */
  statusCallbackUrl?: string;
  /** Wall time for one call; default 10 s. */
  timeoutMs?: number;
}

/**
 * Text messages through Twilio's `Messages` resource. It has no idempotency key, so an ambiguous attempt that is
 * repeated may arrive twice; the status callback with the attempt's id, or asking, tells what became of it.
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export class TwilioAdapter implements ChannelAdapter {
  readonly channel = 'sms';
  readonly provider = 'twilio';
  readonly idempotent = false;

  private readonly agents: ProviderAgents;
  private readonly client: Twilio;
  private readonly timeoutMs: number;

  constructor(private readonly settings: TwilioSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.agents = openAgents();
    this.client = openTwilio(settings, this.agents, this.timeoutMs);
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return callProvider<CreatedResource>({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () => this.create(message),
      vocabulary,
    });
  }

  askAbout(attempt: EarlierAttempt, signal: AbortSignal): Promise<Found> {
    return askTwilio(this.client, attempt, { signal, timeoutMs: this.timeoutMs, vocabulary });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private create(message: OutgoingMessage): Promise<CreatedResource> {
    const { sender, statusCallbackUrl } = this.settings;
    return this.client.messages.create({
      to: message.to,
      body: message.text,
      validityPeriod: validitySeconds(message.expiresAt - Date.now()),
      ...sender,
      ...(statusCallbackUrl && { statusCallback: callbackFor(statusCallbackUrl, message.attemptId) }),
    });
  }
}

/** Twilio's `ValidityPeriod`: how long the text may wait in its queue, 1 to 36,000 s. */
function validitySeconds(remainingMs: number): number {
  return Math.min(Math.max(Math.floor(remainingMs / 1000), 1), 36_000);
}

const vocabulary = twilioVocabulary(TWILIO_CODES);

import type { Twilio } from 'twilio';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { callbackFor } from '../callbacks/callback-url';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import type { ChannelAdapter } from '../channel-adapter';
import { openTwilio, twilioVocabulary, type CreatedResource, type TwilioAccount } from '../sms/open-twilio';
import { CALL_CODES } from './call-codes';
import { spokenDocument } from './spoken-document';

export interface TwilioVoiceSettings extends TwilioAccount {
  /** A number of ours that may call, E.164. */
  from: string;
  /** Public URL that Twilio calls with how the call ended; the attempt's id is added as `attempt`. */
  statusCallbackUrl?: string;
  /** Wall time for one request; default 10 s. */
  timeoutMs?: number;
}

/** About five rings. Longer, and most networks answer by themselves. */
const RING_S = 25;
/** No message of ours takes longer to say twice. */
const LONGEST_CALL_S = 180;

/**
 * Telephone calls through Twilio's `Calls` resource: the text is said, and said again. Accepted means that Twilio has
 * queued the call; the status callback tells whether anybody picked up. A machine that answers hears the message as a
 * person would, and so takes it down: no machine is looked for, since that delays the first word by seconds for
 * everybody. There is no idempotency: a repetition rings twice.
 * @see https://www.twilio.com/docs/voice/api/call-resource#create-a-call
 */
export class TwilioVoiceAdapter implements ChannelAdapter {
  readonly channel = 'voice';
  readonly provider = 'twilio-voice';
  readonly idempotent = false;

  private readonly agents: ProviderAgents = openAgents();
  private readonly client: Twilio;
  private readonly timeoutMs: number;

  constructor(private readonly settings: TwilioVoiceSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.client = openTwilio(settings, this.agents, this.timeoutMs);
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return callProvider<CreatedResource>({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () => this.dial(message),
      vocabulary,
    });
  }

  async close(): Promise<void> {
    this.agents.close();
  }

  private dial({ to, text, language, attemptId }: OutgoingMessage): Promise<CreatedResource> {
    const { from, statusCallbackUrl } = this.settings;
    return this.client.calls.create({
      to,
      from,
      twiml: spokenDocument(text, language ?? 'en'),
      timeout: RING_S,
      timeLimit: LONGEST_CALL_S,
      ...(statusCallbackUrl && {
        statusCallback: callbackFor(statusCallbackUrl, attemptId),
        statusCallbackMethod: 'POST',
        statusCallbackEvent: ['answered', 'completed'],
      }),
    });
  }
}

const vocabulary = twilioVocabulary(CALL_CODES);

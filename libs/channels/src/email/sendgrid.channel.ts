import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ChannelAdapter } from '../channel-adapter';
import { callProvider, DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ProviderVocabulary } from '../calling/classify';
import { openAgents, type ProviderAgents } from '../calling/provider-agent';
import { readResetAt, readRetryAfter } from '../calling/retry-after';
import type { BulkMessage, BulkOutcome } from '../bulk-message';
import { bulkMail, MOST_PERSONALIZATIONS, whoWasRefused } from './sendgrid-bulk';
import { mailHeaders } from './mail-headers';
import { sendGridVerdict, type SendGridError } from './sendgrid-errors';

export interface SendGridSettings {
  apiKey: string;
  /** A sender identity that SendGrid has verified. */
  from: { email: string; name?: string };
  /** Another server that speaks SendGrid's protocol, or `https://api.eu.sendgrid.com`. */
  baseUrl?: string;
  /** Wall time for one call; default 10 s. The SDK itself sets none at all. */
  timeoutMs?: number;
}

/**
 * Mail through SendGrid's `POST /v3/mail/send`, one customer per call. `X-Message-Id` proves acceptance; the ids in
 * `custom_args` come back on every event. They are opaque on purpose: SendGrid stores them for long, readable by staff.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 */
export class SendGridAdapter implements ChannelAdapter {
  readonly channel = 'email';
  readonly provider = 'sendgrid';
  readonly idempotent = false;
  readonly manyAtMost = MOST_PERSONALIZATIONS;

  private readonly agents: ProviderAgents;
  private readonly client = new Client();
  private readonly mail = new MailService();
  private readonly timeoutMs: number;

  constructor(private readonly settings: SendGridSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.agents = openAgents();
    const { client } = this;
    client.setApiKey(settings.apiKey); // resets the base URL, so it comes first
    const axiosOptions = {
      ...(settings.baseUrl && { baseUrl: settings.baseUrl }),
      timeout: this.timeoutMs,
      httpAgent: this.agents.http,
      httpsAgent: this.agents.https,
      // A redirect would repeat the request, credentials included, where the answer points to.
      maxRedirects: 0,
      proxy: false,
      maxContentLength: 256 * 1024,
    };
    // The SDK hands these to axios as they are; its types list only a few.
    for (const [name, value] of Object.entries(axiosOptions)) {
      (client.setDefaultRequest as (name: string, value: unknown) => Client).call(client, name, value);
    }
    this.mail.setClient(client);
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    return callProvider({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () =>
        this.mail.send({
          // The ids stand with the person, as in a mail to many: for the whole mail the specification has them as one text.
          personalizations: [
            {
              to: message.to,
              customArgs: { delivery_id: message.deliveryId, attempt_id: message.attemptId },
            },
          ],
          from: this.settings.from,
          subject: message.subject,
          text: message.text,
          ...(message.html && { html: message.html }),
          headers: mailHeaders(message),
          // Watching clicks and opens would rewrite our links and tell a third party who reads what.
          trackingSettings: { clickTracking: { enable: false }, openTracking: { enable: false } },
        }),
      vocabulary,
    });
  }

  /**
   * By the SDK's client and not by its mail class: that took 30 microseconds a person where the client takes 3, of some
   * 80 that a recipient costs in all.
   */
  async sendMany(message: BulkMessage, signal: AbortSignal): Promise<BulkOutcome> {
    let refusal: { status: number; errors: SendGridError[] } = { status: 0, errors: [] };
    const outcome = await callProvider({
      message,
      signal,
      timeoutMs: this.timeoutMs,
      send: () =>
        this.client.request({
          method: 'POST',
          url: '/v3/mail/send',
          body: bulkMail(message, this.settings.from),
        }),
      vocabulary: {
        ...vocabulary,
        verdict: (status, failure) => {
          refusal = { status, errors: readErrors(failure) };
          return vocabulary.verdict(status, failure);
        },
      },
    });
    return whoWasRefused(outcome, refusal.status, refusal.errors);
  }

  async close(): Promise<void> {
    this.agents.close();
  }
}

const vocabulary: ProviderVocabulary<unknown> = {
  readId: (_answer, headers) => {
    const id = headers['x-message-id'];
    return typeof id === 'string' && id !== '' ? id : null;
  },
  verdict: (status, failure) => (status >= 500 ? null : sendGridVerdict(status, readErrors(failure))),
  retryAfterMs: (headers) =>
    readRetryAfter(headers, Date.now()) ?? readResetAt(headers['x-ratelimit-reset'], Date.now()),
};

function readErrors(failure: unknown): SendGridError[] {
  const body = (failure as { response?: { body?: { errors?: unknown } } } | undefined)?.response?.body;
  if (!Array.isArray(body?.errors)) return [];
  return (body.errors as unknown[]).map((error) => {
    const { field, message } = (error ?? {}) as Partial<Record<'field' | 'message', unknown>>;
    return {
      field: typeof field === 'string' ? field : '',
      message: typeof message === 'string' ? message : '',
    };
  });
}

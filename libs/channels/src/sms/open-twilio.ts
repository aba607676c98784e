import twilio from 'twilio';
import type { ProviderVocabulary } from '../calling/classify';
import type { ProviderAgents } from '../calling/provider-agent';
import { readRetryAfter } from '../calling/retry-after';
import type { Verdict } from '../send-reason';

/** What every resource of Twilio's is created with. */
export interface TwilioAccount {
  /** `AC…`; the SDK refuses anything else. */
  accountSid: string;
  authToken: string;
  /** Another server that speaks Twilio's protocol, e.g. `http://127.0.0.1:4010`. */
  baseUrl?: string;
}

/** Twilio's client over the pools of one adapter. */
export function openTwilio(
  { accountSid, authToken, baseUrl }: TwilioAccount,
  agents: ProviderAgents,
  timeoutMs: number,
): twilio.Twilio {
  const httpClient = new twilio.RequestClient({ timeout: timeoutMs, autoRetry: false });
  Object.assign(httpClient.axios.defaults, { httpAgent: agents.http, httpsAgent: agents.https });
  httpClient.axios.defaults.maxContentLength = 256 * 1024;
  // A log level of its own: at `debug` the SDK would print whole requests, switched on by an environment variable.
  const client = twilio(accountSid, authToken, { httpClient, logLevel: 'error' });
  if (baseUrl) client.api.baseUrl = baseUrl;
  return client;
}

/** A created message or call. */
export interface CreatedResource {
  sid?: unknown;
}

/** @param codes the table of the resource's own codes */
export function twilioVocabulary(
  codes: Readonly<Record<number, Verdict>>,
): ProviderVocabulary<CreatedResource> {
  return {
    readId: (answer) => (typeof answer?.sid === 'string' && answer.sid !== '' ? answer.sid : null),
    verdict: (status, failure) => {
      if (status >= 500) return null; // a code cannot prove that a server that failed did nothing
      const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
      return typeof code === 'number' && Object.hasOwn(codes, code) ? (codes[code] ?? null) : null;
    },
    retryAfterMs: (headers) => readRetryAfter(headers, Date.now()),
  };
}

import type { IncomingHttpHeaders } from 'node:http';
import type { ProviderAgents } from './provider-agent';
import { watchedRequest } from './watched-request';

export interface PlainRequest {
  agents: Pick<ProviderAgents, 'http' | 'https'>;
  url: URL;
  /** Default `POST`. */
  method?: 'GET' | 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  json?: unknown;
}

export interface PlainAnswer {
  headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, else the text itself. */
  body: unknown;
}

/** An answer that is not 2xx; holds what the provider wrote, so it must not be shown to anybody. */
export class PlainRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`answered ${status}`);
  }
}

/**
 * One request by `node:http`, for providers whose own client brings nothing but one call. Their clients use `fetch`,
 * whose connections cannot be watched: nobody could say afterwards whether a message had left.
 * Redirects are not followed.
 * @throws PlainRefusal for any status but 2xx; an error of Node's where the connection failed or the answer broke off
 */
export async function plainRequest(request: PlainRequest): Promise<PlainAnswer> {
  const { agents, url, json, method = 'POST' } = request;
  const content = json === undefined ? null : Buffer.from(JSON.stringify(json));
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'Tidings',
    ...(content && { 'content-type': 'application/json; charset=utf-8' }),
    ...request.headers,
  };
  const answer = await watchedRequest({ agents, url, method, headers, content });
  const body = parsed(answer.text);
  if (answer.status < 200 || answer.status > 299) throw new PlainRefusal(answer.status, body);
  return { headers: answer.headers, body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A field of an answer or a refusal, whatever that turns out to be. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

/** The same where only a text means anything; else empty. */
export function wordOf(body: unknown, name: string): string {
  const value = fieldOf(body, name);
  return typeof value === 'string' ? value : '';
}

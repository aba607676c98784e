import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { ProviderAgents } from './provider-agent';

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

/** No provider has more than a few hundred bytes to say about one message. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * One request by `node:http`, for providers whose own client brings nothing but one call. Their clients use `fetch`,
 * whose connections cannot be watched: nobody could say afterwards whether a message had left.
 * Redirects are not followed.
 * @throws PlainRefusal for any status but 2xx; an error of Node's where the connection failed or the answer broke off
 */
export async function plainRequest(request: PlainRequest): Promise<PlainAnswer> {
  const { agents, url, json, method = 'POST' } = request;
  const secure = url.protocol === 'https:';
  const content = json === undefined ? null : Buffer.from(JSON.stringify(json));
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'Tidings',
    ...(content && { 'content-type': 'application/json; charset=utf-8', 'content-length': content.length }),
    ...request.headers,
  };
  const call = (secure ? https : http).request(url, {
    method,
    headers,
    agent: secure ? agents.https : agents.http,
  });
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    call
      .on('response', resolve)
      .on('error', reject)
      .end(content ?? undefined);
  });
  const status = answer.statusCode ?? 0;
  const body = parsed(await readWhole(answer));
  if (status < 200 || status > 299) throw new PlainRefusal(status, body);
  return { headers: answer.headers, body };
}

async function readWhole(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) {
      answer.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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

import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { ProviderAgents } from './provider-agent';

export interface WatchedRequest {
  agents: Pick<ProviderAgents, 'http' | 'https'>;
  url: URL;
  method: string;
  headers: Readonly<Record<string, string | number>>;
  /** Null for a request without a body. */
  content: Buffer | null;
}

export interface WatchedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** At most the first 64 KiB. */
  text: string;
}

/** Nobody has more to say about one message, and an answer that never ends must not fill our memory. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * One request through an adapter's own agents, so that the call it belongs to sees what happens on the wire. Redirects
 * are not followed, and any status is an answer.
 * @throws an error of Node's, or of the agents, where no answer came or it broke off
 */
export async function watchedRequest(request: WatchedRequest): Promise<WatchedAnswer> {
  const { agents, url, method, headers, content } = request;
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? agents.https : agents.http;
  const { request: open } = isSecure ? https : http;
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    open(url, {
      method,
      agent,
      headers: { ...headers, ...(content && { 'content-length': content.length }) },
    })
      .on('error', reject)
      .on('response', resolve)
      .end(content ?? undefined);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readStart(answer) };
}

/** An answer that is longer is left, and its connection with it. */
async function readStart(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER).toString('utf8');
}

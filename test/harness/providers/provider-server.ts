import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { FailurePlan, type ProviderFailure } from './provider-failure';

export interface ProviderRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The same as it came, for bodies that are no text. */
  bytes: Buffer;
}

/** What the provider itself would say; `accepted` if it takes the message in. */
export interface ProviderAnswer {
  status: number;
  accepted: boolean;
  /** The provider's id of an accepted message. */
  id?: string;
  headers?: Record<string, string>;
  /** Absent for an empty body. */
  body?: unknown;
}

export interface Received<Fields> {
  /** Epoch ms when the whole request was there. */
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  /** The request's body, read; null if it could not be. */
  fields: Fields | null;
  /** True if a customer would get this message. */
  accepted: boolean;
  /** The status answered; null if none was. */
  status: number | null;
  id: string | null;
}

/** Answers that HTTP allows no body in. */
const BODILESS = new Set([204, 205, 304]);

/**
 * The part that all providers' servers have in common: they listen on a free port of 127.0.0.1, write down what they
 * got, and misbehave as told. What a request must look like is each provider's own.
 */
export abstract class ProviderServer<Fields> {
  readonly received: Received<Fields>[] = [];
  /** Ms before each answer. */
  latencyMs = 0;

  private readonly server = createServer((request, response) => void this.serve(request, response));
  private readonly sockets = new Set<Socket>();
  private readonly plan = new FailurePlan();
  private readonly watchers = new Set<() => void>();

  constructor() {
    this.server.keepAliveTimeout = 60_000;
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return this;
  }

  /** Ends at once, calls that hang included. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections open at this moment. */
  get connections(): number {
    return this.sockets.size;
  }

  /** The messages that customers would get. */
  get accepted(): Received<Fields>[] {
    return this.received.filter((each) => each.accepted);
  }

  /** The next requests fail like this; further calls queue up behind. */
  failNext(failure: ProviderFailure, times = 1): void {
    this.plan.next(failure, times);
  }

  /** Every request that no `failNext` claims fails like this; null heals, and forgets what was queued. */
  answerAlways(failure: ProviderFailure | null): void {
    this.plan.always(failure);
  }

  /** Waits until what was received satisfies a condition. */
  async until(
    condition: (received: readonly Received<Fields>[]) => boolean,
    timeoutMs = 5_000,
  ): Promise<void> {
    if (condition(this.received)) return;
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!condition(this.received)) return;
        clearTimeout(timer);
        this.watchers.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.watchers.delete(check);
        reject(new Error(`not so within ${timeoutMs} ms; ${this.received.length} requests received`));
      }, timeoutMs);
      this.watchers.add(check);
    });
  }

  /**
   * Answers calls that carry no message (a login, a look-up): they are not written down, and the failures that are
   * planned wait for those that do. Null for every other call.
   */
  protected aside(_request: ProviderRequest): ProviderAnswer | null {
    return null;
  }
  protected abstract read(request: ProviderRequest): Fields | null;
  /** Judges a request as the provider would, and takes the message in if it passes. */
  protected abstract judge(request: ProviderRequest, fields: Fields | null): ProviderAnswer;
  /** The provider's own answer for a failure of its side or a code; any status but 2xx. */
  protected abstract refuse(status: number, code?: number): ProviderAnswer;

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readWhole(incoming);
    if (request === null) return; // the client gave up while it was still talking
    const beside = this.aside(request);
    if (beside !== null) {
      this.write(response, beside, {});
      return;
    }
    const failure = this.plan.take() ?? {};
    const silence = silenceOf(failure);
    const answer = this.note(request, failure, silence !== null);
    if (silence === 'hang') return;
    if (silence === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    this.write(response, answer, failure);
  }

  private note(request: ProviderRequest, failure: ProviderFailure, silent: boolean): ProviderAnswer {
    const fields = this.read(request);
    const answer = this.answerFor(request, fields, failure);
    const { path, headers } = request;
    const status = silent ? null : answer.status;
    this.received.push({
      at: Date.now(),
      path,
      headers,
      fields,
      accepted: answer.accepted,
      status,
      id: answer.id ?? null,
    });
    this.watchers.forEach((check) => check());
    return answer;
  }

  private answerFor(
    request: ProviderRequest,
    fields: Fields | null,
    failure: ProviderFailure,
  ): ProviderAnswer {
    const { status, code } = failure;
    if (failure.hang || failure.reset) return { status: 0, accepted: false };
    if (code !== undefined) return this.refuse(status ?? 400, code);
    if (status !== undefined && (status < 200 || status > 299)) return this.refuse(status);
    const answer = this.judge(request, fields);
    return answer.accepted && status !== undefined ? { ...answer, status } : answer;
  }

  private write(response: ServerResponse, answer: ProviderAnswer, failure: ProviderFailure): void {
    if (failure.garbage) {
      const encoding = failure.garbage === 'gzip' ? { 'content-encoding': 'gzip' } : {};
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...encoding,
        ...failure.headers,
      });
      response.end('<html>this is not what you expected');
      return;
    }
    const body = bodyText(failure.body ?? answer.body);
    const type = body === '' ? {} : { 'content-type': 'application/json;charset=utf-8' };
    response.writeHead(answer.status, { ...type, ...answer.headers, ...failure.headers });
    if (BODILESS.has(answer.status)) response.end();
    else if (failure.breakBody) this.breakOff(response, body);
    else if (failure.slowBody) this.drip(response, body, failure.slowBody);
    else response.end(body);
  }

  private breakOff(response: ServerResponse, body: string): void {
    response.flushHeaders();
    response.write(body.slice(0, body.length / 2) || ' ', () => response.socket?.resetAndDestroy());
  }

  /** Ten pieces, so that no pause between two of them is long: only a clock that never starts anew notices. */
  private drip(response: ServerResponse, body: string, totalMs: number): void {
    const pieces = 10;
    const size = Math.max(1, Math.ceil(body.length / pieces));
    let sent = 0;
    response.flushHeaders();
    const timer = setInterval(() => {
      // JSON may be followed by blanks, so that a short body lasts as long as a long one.
      response.write(body.slice(sent * size, (sent + 1) * size) || ' ');
      sent += 1;
      if (sent === pieces) response.end();
      if (sent === pieces) clearInterval(timer);
    }, totalMs / pieces);
    response.on('close', () => clearInterval(timer));
  }
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Null if the request broke off. */
async function readWhole(incoming: IncomingMessage): Promise<ProviderRequest | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  const { method = '', url: path = '', headers } = incoming;
  const bytes = Buffer.concat(chunks);
  return { method, path, headers, body: bytes.toString('utf8'), bytes };
}

function silenceOf(failure: ProviderFailure): 'hang' | 'reset' | null {
  if (failure.hang || failure.hangAfterAccept) return 'hang';
  return failure.reset || failure.resetAfterAccept ? 'reset' : null;
}

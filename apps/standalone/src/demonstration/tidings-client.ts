import { setTimeout as delay } from 'node:timers/promises';

/** An answer that was not expected; its text says what the API said. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    method: string,
    path: string,
    readonly body: unknown,
  ) {
    super(`${method} ${path} answered ${status}: ${JSON.stringify(body).slice(0, 600)}`);
  }
}

export interface Answer<Body> {
  status: number;
  body: Body;
}

interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Statuses beside 2xx that the caller knows what to do with. */
  also?: number[];
  idempotencyKey?: string;
}

const ANSWER_WITHIN_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
/** The server is starting, busy or asks to slow down: the same call again is right. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/**
 * Talks to the API as any system of a host organisation would, with a key or a customer's token. Waits out
 * restarts and rate limits; only a stop ends that.
 */
export class TidingsClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
    /** Aborted when nobody waits for answers any more. */
    readonly signal: AbortSignal,
  ) {}

  /** @throws UnexpectedAnswer; an AbortError once stopped */
  async call<Body>(call: Call): Promise<Answer<Body>> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const response = await this.send(call);
      this.signal.throwIfAborted();
      if (response && isAnswer(response.status, call)) return this.read<Body>(call, response);
      await response?.body?.cancel();
      await delay(Math.max(pauseMs, pauseAskedFor(response)), undefined, { signal: this.signal });
    }
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.call<Body>({ method: 'GET', path })).body;
  }

  private async send(call: Call): Promise<Response | null> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (call.idempotencyKey) headers['idempotency-key'] = call.idempotencyKey;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return fetch(`${this.baseUrl}${call.path}`, { method: call.method, headers, body, signal }).catch(
      () => null,
    );
  }

  private async read<Body>(call: Call, response: Response): Promise<Answer<Body>> {
    const text = await response.text();
    const body = text === '' ? null : (JSON.parse(text) as unknown);
    if (response.ok || call.also?.includes(response.status)) {
      return { status: response.status, body: body as Body };
    }
    throw new UnexpectedAnswer(response.status, call.method, call.path, body);
  }
}

function isAnswer(status: number, { also }: Call): boolean {
  return !TRY_AGAIN.has(status) || also?.includes(status) === true;
}

function pauseAskedFor(response: Response | null): number {
  return Number(response?.headers.get('retry-after') ?? 0) * 1000 || 0;
}

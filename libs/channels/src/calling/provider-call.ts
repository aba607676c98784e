import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const calls = new AsyncLocalStorage<ProviderCall>();
const openSockets = new WeakSet<Socket>();

/** The call that the running code belongs to; the agents ask when an SDK opens its request. */
export function currentCall(): ProviderCall | undefined {
  return calls.getStore();
}

/** Why we ended a call ourselves. */
export type CutShort = 'timeout' | 'aborted';

/**
 * One HTTP call to a provider, watched on the wire and not through the SDK that makes it.
 *
 * The SDKs wrap, drop or rename what happened (twilio loses the headers of an error, none of them says whether the
 * request had left when it failed, their time-outs start anew with each byte), and each does so differently. The wire
 * tells the same story for all of them: was a connection ready, did a status come, did we cut the call short.
 */
export class ProviderCall {
  /** True from the moment a ready connection was given to the request: from then on it may have left. */
  mayHaveLeft = false;
  /** Null until the answer's head came. */
  status: number | null = null;
  headers: IncomingHttpHeaders = {};
  cutShort: CutShort | null = null;

  private readonly requests = new Set<ClientRequest>();
  private readonly cut: Promise<never>;
  private rejectCut: (error: Error) => void = () => undefined;

  constructor() {
    this.cut = new Promise<never>((_, reject) => (this.rejectCut = reject));
    this.cut.catch(() => undefined); // a call that is never cut short leaves it pending; a late cut has no listener
  }

  /** False while no request was even begun: then whatever failed, failed in this process. */
  get begun(): boolean {
    return this.requests.size > 0;
  }

  /**
   * Runs an SDK's call under watch and never longer than `timeoutMs` of wall time.
   * @returns what the SDK resolved with
   * @throws what the SDK rejected with, or an error of ours when the call was cut short; read `status` and
   *   `mayHaveLeft` to learn what happened
   */
  async run<T>(sdkCall: () => Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T> {
    const onAbort = () => this.end('aborted');
    const timer = setTimeout(() => this.end('timeout'), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) {
        this.end('aborted');
        return await this.cut;
      }
      const answer = calls.run(this, sdkCall);
      answer.catch(() => undefined); // it may still fail after a cut, with nobody left to listen
      return await Promise.race([answer, this.cut]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Called by the agents for each request an SDK opens inside this call. */
  watch(request: ClientRequest): void {
    this.requests.add(request);
    request.once('socket', (socket) => this.watchSocket(socket));
    request.once('response', (response) => {
      this.status = response.statusCode ?? null;
      this.headers = response.headers;
    });
    if (this.cutShort) request.destroy(new Error(this.cutShort));
  }

  private watchSocket(socket: Socket): void {
    if (openSockets.has(socket)) {
      this.mayHaveLeft = true;
      return;
    }
    // Over TLS nothing of the request leaves before the handshake is done.
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      openSockets.add(socket);
      this.mayHaveLeft = true;
    });
  }

  private end(why: CutShort): void {
    if (this.cutShort) return;
    this.cutShort = why;
    for (const request of this.requests) request.destroy(new Error(why));
    this.rejectCut(new Error(why));
  }
}

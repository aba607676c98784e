import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { currentCall } from './provider-call';

/**
 * An agent keeps one pool of connections to one provider. 256 sockets: twilio's own 20 cap it at 390 calls/s when an
 * answer takes 50 ms, 256 reach 2,600 (measured). Free sockets are closed after 30 s, before load balancers do it
 * (usually 60 s): a request on a connection the other side has just closed ends in a reset, which counts as ambiguous.
 *
 * Probes of an idle connection are spaced as axios spaces them, who sets them for each request: with another figure here
 * each request made two system calls, 3 % of the time of a text.
 */
const POOL = {
  ...{ keepAlive: true, keepAliveMsecs: 60_000, timeout: 30_000 },
  ...{ maxSockets: 256, maxTotalSockets: 256, maxFreeSockets: 64 },
};

/** `addRequest` is where every Node client hands its request to the pool; `@types/node` does not list it. */
interface Pool {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}
const plainPool = http.Agent.prototype as unknown as Pool;
const securePool = https.Agent.prototype as unknown as Pool;

/** Judges each connection of a pool before it is made: for hosts that a customer named. */
export interface ConnectionGuard {
  /** What a connection to this host fails with, for hosts that are addresses and need no lookup; null lets it pass. */
  refusalTo(host: string, port: number): Error | null;
  /** Resolves the host's name to addresses it has judged. */
  lookupFor(port: number): net.LookupFunction;
  /** Certificate authorities to trust instead of the system's, PEM. */
  readonly ca: string | undefined;
}

type ConnectionOptions = Parameters<https.Agent['createConnection']>[0];

/** @throws the guard's refusal of the host itself; a refused name fails its lookup instead */
function guarded(guard: ConnectionGuard, options: ConnectionOptions): ConnectionOptions {
  const port = Number(options.port);
  const refusal = guard.refusalTo(options.host ?? '', port);
  if (refusal) throw refusal;
  return { ...options, lookup: guard.lookupFor(port), ...(guard.ca && { ca: guard.ca }) };
}

class WatchedAgent extends http.Agent {
  constructor(private readonly guard: ConnectionGuard | null) {
    super(POOL);
  }

  override createConnection(...[options, ...rest]: Parameters<http.Agent['createConnection']>) {
    return super.createConnection(this.guard ? guarded(this.guard, options) : options, ...rest);
  }

  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    currentCall()?.watch(request);
    plainPool.addRequest.call(this, request, ...rest);
  }
}

class WatchedSecureAgent extends https.Agent {
  constructor(
    private readonly instead: URL | null,
    private readonly guard: ConnectionGuard | null,
  ) {
    super(POOL);
  }

  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    currentCall()?.watch(request);
    securePool.addRequest.call(this, request, ...rest);
  }

  override createConnection(...[options, ...rest]: Parameters<https.Agent['createConnection']>) {
    if (this.guard) return super.createConnection(guarded(this.guard, options), ...rest);
    if (!this.instead) return super.createConnection(options, ...rest);
    const host = this.instead.hostname;
    if (this.instead.protocol === 'http:')
      return net.connect({ host, port: Number(this.instead.port || 80) });
    return tls.connect({ host, port: Number(this.instead.port || 443) });
  }
}

export interface ProviderAgents {
  http: http.Agent;
  https: https.Agent;
  close(): void;
}

/**
 * The pools of one adapter; the SDK takes the one that fits the scheme of its URL.
 * @param instead connect `https` here whatever host the SDK names (http or https URL), for SDKs whose host is fixed;
 *   the request itself, and so its signature, stays as it is
 */
export function openAgents(instead: string | null = null): ProviderAgents {
  return pair(
    new WatchedAgent(null),
    new WatchedSecureAgent(instead === null ? null : new URL(instead), null),
  );
}

/** Pools for URLs that a customer gave: every connection passes the guard. */
export function openGuardedAgents(guard: ConnectionGuard): ProviderAgents {
  return pair(new WatchedAgent(guard), new WatchedSecureAgent(null, guard));
}

function pair(plain: http.Agent, secure: https.Agent): ProviderAgents {
  return {
    http: plain,
    https: secure,
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

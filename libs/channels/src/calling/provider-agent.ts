import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { currentCall } from './provider-call';

/**
 * An agent keeps one pool of connections to one provider. 256 sockets: twilio's own 20 cap it at 390 calls/s when an
 * answer takes 50 ms, 256 reach 2,600 (measured). Free sockets are closed after 30 s, before load balancers do it
 * (usually 60 s): a request on a connection the other side has just closed ends in a reset, which counts as ambiguous.
 */
const POOL = { keepAlive: true, maxSockets: 256, maxTotalSockets: 256, maxFreeSockets: 64, timeout: 30_000 };

/** `addRequest` is where every Node client hands its request to the pool; `@types/node` does not list it. */
interface Pool {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}
const plainPool = http.Agent.prototype as unknown as Pool;
const securePool = https.Agent.prototype as unknown as Pool;

class WatchedAgent extends http.Agent {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    currentCall()?.watch(request);
    plainPool.addRequest.call(this, request, ...rest);
  }
}

class WatchedSecureAgent extends https.Agent {
  constructor(private readonly instead: URL | null) {
    super(POOL);
  }

  addRequest(request: http.ClientRequest, ...rest: unknown[]): void {
    currentCall()?.watch(request);
    securePool.addRequest.call(this, request, ...rest);
  }

  override createConnection(...args: Parameters<https.Agent['createConnection']>) {
    if (!this.instead) return super.createConnection(...args);
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
  const plain = new WatchedAgent(POOL);
  const secure = new WatchedSecureAgent(instead === null ? null : new URL(instead));
  return {
    http: plain,
    https: secure,
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

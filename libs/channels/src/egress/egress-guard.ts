import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isBlockedAddress } from './blocked-address';

/**
 * Why a URL is not called.
 * - `notAUrl`: it cannot be read
 * - `notHttps`: another scheme
 * - `credentials`: a user or password stands in it
 * - `port`: neither 443 nor 8443
 * - `address`: it leads, or one of its addresses leads, into a network that is not the public Internet
 */
export type EgressRefusal = 'notAUrl' | 'notHttps' | 'credentials' | 'port' | 'address';

export interface EgressSettings {
  /**
   * Hosts of ours, as `host:port` (`[::1]:8080`): what is named here may have any address, any port and plain http. For receivers in
   * the own network, and for tests; empty by default.
   */
  allow: readonly string[];
  /** Certificate authorities to trust instead of the system's, PEM. */
  ca?: string;
  /** Resolves names; default: as the system does. */
  resolve?: (name: string, options: LookupOptions, done: ResolveEnd) => void;
}

export type ResolveEnd = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Carries the refusal out of a connection that was not made. */
export class EgressRefused extends Error {
  constructor(readonly refusal: EgressRefusal) {
    super(`egress refused: ${refusal}`);
  }
}

/** 443, and the one other that public https services use; the rest belongs to other protocols. */
const PORTS = new Set([443, 8443]);
/** Of the schemes that are spoken at all. */
const PORT_OF: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * The one gate for URLs that a customer gave: https to the public Internet and nothing else, judged twice. `check` reads
 * the URL before anything is done with it; `lookup` judges the addresses at the moment of connecting and hands on the
 * very ones it judged, so that a name whose answer changes between two questions gains nothing.
 */
export class EgressGuard {
  private readonly allow: ReadonlySet<string>;
  private readonly resolve: NonNullable<EgressSettings['resolve']>;
  readonly ca: string | undefined;

  constructor(settings: EgressSettings = { allow: [] }) {
    this.allow = new Set(settings.allow.map((entry) => entry.toLowerCase()));
    this.resolve =
      settings.resolve ?? ((name, options, done) => resolve(name, { ...options, all: true }, done));
    this.ca = settings.ca;
  }

  /** Judges a URL without a question to anybody; its names are judged when they are resolved. */
  check(text: string): { ok: true; url: URL } | { ok: false; refusal: EgressRefusal } {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || url.hostname === '') return { ok: false, refusal: 'notAUrl' };
    url.hostname = url.hostname.replace(/\.$/, ''); // means the same, but no certificate is made out to it
    const refusal = this.refusalOf(url);
    return refusal ? { ok: false, refusal } : { ok: true, url };
  }

  /**
   * Resolves a name for a connection. Fails with `EgressRefused` if any of its addresses is blocked: who may be sent to
   * by chance must not be sent to at all.
   * @param port the connection's; the allow list is by host and port
   */
  lookupFor(port: number): LookupFunction {
    return (name, options, done) => {
      const isAllowed = this.isListed(name, port);
      this.resolve(name, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, '', 0);
        const isRefused = !isAllowed && addresses.some(({ address }) => isBlockedAddress(address));
        const [first] = addresses;
        if (isRefused || !first) return done(new EgressRefused('address'), '', 0);
        if (options.all) return done(null, addresses);
        return done(null, first.address, first.family);
      });
    };
  }

  /** For hosts that are addresses: about those a connection asks no resolver. */
  refusalTo(host: string, port: number): EgressRefused | null {
    const isBlocked = isIP(bare(host)) !== 0 && !this.isListed(host, port) && isBlockedAddress(bare(host));
    return isBlocked ? new EgressRefused('address') : null;
  }

  private refusalOf(url: URL): EgressRefusal | null {
    const { username, password, protocol, hostname } = url;
    if (username !== '' || password !== '') return 'credentials';
    const port = Number(url.port || PORT_OF[protocol]);
    if (PORT_OF[protocol] && this.isListed(hostname, port)) return null;
    if (protocol !== 'https:') return 'notHttps';
    if (!PORTS.has(port)) return 'port';
    return this.refusalTo(hostname, port) ? 'address' : null;
  }

  private isListed(host: string, port: number): boolean {
    return this.allow.has(`${isIP(bare(host)) === 6 ? `[${bare(host)}]` : host}:${port}`);
  }
}

/** `URL` writes IPv6 in brackets, a connection does not. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

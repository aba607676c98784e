import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ApiKeyStore } from '@app/persistence';
import type { Principal, Scope } from './principal';

/** Longest time for which a key revoked by another process may still pass, ms. */
const KNOWN_FOR_MS = 1_000;
const MAX_KNOWN = 10_000;

/** Makes and recognises API keys; remembers each for a second, so that a busy sender costs no query per request. */
export class KeyRing {
  private readonly known = new Map<string, { principal: Principal | null; until: number }>();

  constructor(private readonly store: ApiKeyStore) {}

  /** Whether this key was proven lately; asks the database nothing, so it may have been revoked since. */
  hasProven(secret: string): boolean {
    return Boolean(this.known.get(hashOf(secret))?.principal);
  }

  /** Null for a key that was never made or is revoked. */
  async recognise(secret: string): Promise<Principal | null> {
    const hash = hashOf(secret);
    const remembered = this.known.get(hash);
    if (remembered && remembered.until > Date.now()) return remembered.principal;
    const key = await this.store.findLiving(hash);
    const principal: Principal | null = key && { kind: 'key', keyId: key.keyId, scopes: key.scopes };
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(hash, { principal, until: Date.now() + KNOWN_FOR_MS });
    return principal;
  }

  /** @returns the key itself, which nobody can read again */
  async make(title: string, scopes: readonly Scope[]): Promise<{ keyId: string; secret: string }> {
    const keyId = randomUUID();
    const secret = `tdg_${keyId.slice(0, 8)}${randomBytes(32).toString('base64url')}`;
    await this.keep(keyId, title, secret, scopes);
    return { keyId, secret };
  }

  /** A key that the operator has chosen; once revoked it stays revoked. */
  async adopt(title: string, secret: string, scopes: readonly Scope[]): Promise<void> {
    await this.keep(randomUUID(), title, secret, scopes);
  }

  async revoke(keyId: string): Promise<boolean> {
    const revoked = await this.store.revoke(keyId);
    this.known.clear();
    return revoked;
  }

  private async keep(keyId: string, title: string, secret: string, scopes: readonly Scope[]): Promise<void> {
    await this.store.create({
      keyId,
      title,
      hash: hashOf(secret),
      lastFour: secret.slice(-4),
      scopes: [...scopes],
    });
  }
}

/** 32 random bytes need no slow hash: there is nothing to guess. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

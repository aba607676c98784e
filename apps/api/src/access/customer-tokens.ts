import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { JwtConfig } from '../api.config';
import type { Principal } from './principal';

/** Clock difference forgiven between the identity provider and us, seconds. */
const LEEWAY_S = 30;

/** Reads the customer from a token of the host's identity provider. */
export class CustomerTokens {
  private readonly verify: ((token: string) => Promise<JWTPayload>) | null;

  constructor(private readonly config: JwtConfig) {
    this.verify = verifier(config);
  }

  /** The customer, who is the token's `sub`; null for whatever is not a valid, short-lived token. */
  async recognise(token: string): Promise<Extract<Principal, { kind: 'customer' }> | null> {
    try {
      const { sub, exp, iat } = (await this.verify?.(token)) ?? {};
      if (sub === undefined || exp === undefined || !this.isShortLived({ exp, iat })) return null;
      return { kind: 'customer', customerId: sub, expiresAt: exp * 1000 };
    } catch {
      return null;
    }
  }

  /** A token without an end, or with a far one, is a password that nobody can change. */
  private isShortLived({ exp, iat }: { exp: number; iat: number | undefined }): boolean {
    const now = Math.floor(Date.now() / 1000);
    return exp - Math.min(iat ?? now, now) <= this.config.maxLifetimeS + LEEWAY_S;
  }
}

function verifier({
  secret,
  jwksUrl,
  issuer,
  audience,
}: JwtConfig): ((token: string) => Promise<JWTPayload>) | null {
  const options: JWTVerifyOptions = {
    clockTolerance: LEEWAY_S,
    requiredClaims: ['sub', 'exp'],
    ...(issuer ? { issuer } : {}),
    ...(audience ? { audience } : {}),
  };
  if (secret) {
    const key = new TextEncoder().encode(secret);
    return async (token) => (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
  }
  if (jwksUrl) {
    const keys = createRemoteJWKSet(new URL(jwksUrl));
    const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
    return async (token) => (await jwtVerify(token, keys, { ...options, algorithms })).payload;
  }
  return null;
}

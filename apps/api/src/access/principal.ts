import type { Request } from 'express';

/** What an API key may do. `admin` includes all others. */
export const SCOPES = [
  'events:write',
  'customers:write',
  'customers:read',
  'metrics:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking, proven by a key or a token. */
export type Principal =
  | { kind: 'key'; keyId: string; scopes: readonly string[] }
  /** Proven until `expiresAt`, epoch ms. */
  | { kind: 'customer'; customerId: string; expiresAt: number };

/** A request as it travels through our middleware. */
export interface ApiRequest extends Request {
  requestId: string;
  /** Absent for strangers. */
  principal?: Principal;
  /** Bytes of the body as they came, for hashing. */
  rawBody?: Buffer;
  /** Whose resources a customer's path is about; set by the access guard. */
  customerId?: string;
}

export function principalName(principal: Principal): string {
  return principal.kind === 'key' ? `key:${principal.keyId}` : `customer:${principal.customerId}`;
}

export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.kind === 'key' && (principal.scopes.includes(scope) || principal.scopes.includes('admin'));
}

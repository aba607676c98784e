import type { NextFunction, RequestHandler, Response } from 'express';
import type { CustomerTokens } from './customer-tokens';
import type { KeyRing } from './key-ring';
import type { ApiRequest, Principal } from './principal';

/**
 * Finds out who is asking; refuses nobody. Runs before any body is read, so that a stranger's body never is.
 */
export function authenticate(keys: KeyRing, tokens: CustomerTokens): RequestHandler {
  const principalOf = async (authorization: string | undefined): Promise<Principal | null> => {
    const credential = /^Bearer +([^\s]{1,4096})$/i.exec(authorization ?? '')?.[1];
    if (!credential) return null;
    if (credential.startsWith('tdg_')) return keys.recognise(credential);
    const customerId = await tokens.customerOf(credential);
    return customerId === null ? null : { kind: 'customer', customerId };
  };
  return (request, _response: Response, next: NextFunction) => {
    principalOf(request.headers.authorization).then((principal) => {
      if (principal) (request as ApiRequest).principal = principal;
      next();
    }, next);
  };
}

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { refuseOrPass, type StrangerLimit } from '../http/stranger-limit';
import type { CustomerTokens } from './customer-tokens';
import type { KeyRing } from './key-ring';
import type { ApiRequest, Principal } from './principal';

/**
 * Finds out who is asking; refuses only strangers who try too many keys, each of which costs a query. Runs before
 * any body is read, so that a stranger's body never is.
 */
export function authenticate(
  keys: KeyRing,
  tokens: CustomerTokens,
  strangers: StrangerLimit,
): RequestHandler {
  /** Whoever comes with an unknown key is a stranger until it is proven; a busy sender is not counted again and again. */
  const recognise = async (request: Request, key: string): Promise<Principal | null> => {
    if (keys.hasProven(key)) return keys.recognise(key);
    await strangers.count(request);
    const principal = await keys.recognise(key);
    if (principal) await strangers.forgive(request);
    return principal;
  };
  const principalOf = async (request: Request): Promise<Principal | null> => {
    const credential = /^Bearer +([^\s]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!credential) return null;
    if (credential.startsWith('tdg_')) return recognise(request, credential);
    return tokens.recognise(credential);
  };
  return (request, response: Response, next: NextFunction) => {
    principalOf(request).then(
      (principal) => {
        if (principal) (request as ApiRequest).principal = principal;
        next();
      },
      (refused: unknown) => refuseOrPass(response, refused, next),
    );
  };
}

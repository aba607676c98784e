import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { notFound } from '../http/problem';
import type { ApiRequest, Principal, Scope } from './principal';

/**
 * Who may use a route. A route that says nothing is closed to everybody.
 * - `open`: no proof needed
 * - `anyone`: every key and every customer
 * - `key`: keys with the scope
 * - `customerResource`: under /v1/me the customer, under /v1/customers/:customerId keys with customers:read or :write
 * - `outbox`: open in the embedded installation, otherwise admins
 */
export type Access =
  | { kind: 'open' }
  | { kind: 'anyone' }
  | { kind: 'key'; scope: Scope }
  | { kind: 'customerResource' }
  | { kind: 'outbox' };

export const ACCESS = 'tidings:access';
const allow = (access: Access) => SetMetadata(ACCESS, access);

export const Open = () => allow({ kind: 'open' });
export const AnyKeyOrCustomer = () => allow({ kind: 'anyone' });
export const NeedsScope = (scope: Scope) => allow({ kind: 'key', scope });
export const CustomerResource = () => allow({ kind: 'customerResource' });
export const OutboxPage = () => allow({ kind: 'outbox' });

/** Whose resources this request is about: the token's customer or the path's. */
export const CustomerId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { customerId } = context.switchToHttp().getRequest<ApiRequest>();
  if (customerId === undefined) throw new Error('CustomerId needs a route with CustomerResource');
  return customerId;
});

/** The proven caller of a route that is not open. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<ApiRequest>();
  if (!principal) throw new Error('Caller needs a route that asks for one');
  return principal;
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A UUID of the path; what cannot be one is simply not there. */
export const Id = createParamDecorator((name: string, context: ExecutionContext): string => {
  const id = context.switchToHttp().getRequest<ApiRequest>().params[name];
  if (typeof id !== 'string' || !UUID.test(id)) throw notFound(name.replace(/Id$/, ''));
  return id.toLowerCase();
});

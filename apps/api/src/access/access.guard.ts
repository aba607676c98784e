import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { CustomerRegisterStore } from '@app/persistence';
import { forbidden, notFound, Problem } from '../http/problem';
import { ACCESS, type Access } from './access.decorators';
import { hasScope, type ApiRequest, type Principal, type Scope } from './principal';

/** Lets through whom the route's own words allow; the rest learn which of 401, 403 and 404 they are. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly customers: CustomerRegisterStore,
    private readonly isEmbedded: boolean,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!access) throw forbidden('closed', 'This address is closed.');
    switch (access.kind) {
      case 'open':
        return true;
      case 'outbox':
        if (this.isEmbedded) return isLoopbackName(request);
        needScope(proven(request), 'admin');
        return true;
      case 'anyone':
        proven(request);
        return true;
      case 'key':
        needScope(proven(request), access.scope);
        return true;
      case 'customerResource':
        request.customerId = await this.customerOf(request);
        return true;
      default:
        return access satisfies never;
    }
  }

  private async customerOf(request: ApiRequest): Promise<string> {
    const principal = proven(request);
    const named = request.params.customerId;
    if (named === undefined && principal.kind === 'key') {
      throw forbidden(
        'customers-only',
        'This address is for customers; a key names the customer in the path.',
      );
    }
    if (named !== undefined) {
      const isReading = request.method === 'GET' || request.method === 'HEAD';
      needScope(principal, isReading ? 'customers:read' : 'customers:write');
    }
    const customerId = principal.kind === 'customer' ? principal.customerId : String(named);
    if (customerId.includes('\u0000') || !(await this.customers.exists(customerId)))
      throw notFound('customer');
    return customerId;
  }
}

function proven({ principal }: ApiRequest): Principal {
  if (principal) return principal;
  throw new Problem({
    status: 401,
    slug: 'unauthenticated',
    title: 'Unauthenticated',
    detail: 'Send `Authorization: Bearer` with a living API key (tdg_…) or a valid token of a customer.',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

function needScope(principal: Principal, scope: Scope): void {
  if (hasScope(principal, scope)) return;
  throw forbidden('missing-scope', `This needs an API key with the scope ${scope}.`);
}

/**
 * Pages without a login answer only to the names of this machine: a web site whose name was pointed at
 * 127.0.0.1 would otherwise read them through the visitor's browser (DNS rebinding).
 */
function isLoopbackName(request: ApiRequest): true {
  const name = request.hostname ?? '';
  if (['localhost', '127.0.0.1', '[::1]', '::1'].includes(name)) return true;
  throw forbidden('foreign-host', 'Open this page as 127.0.0.1 or localhost.');
}

import { createHash, randomUUID } from 'node:crypto';
import {
  createParamDecorator,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { lastValueFrom, of, type Observable } from 'rxjs';
import type { IdempotencyStore } from '@app/persistence';
import { principalName, type ApiRequest } from '../access/principal';
import { conflict, invalid, Problem } from './problem';

/** One to 255 visible ASCII characters. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Lets a client repeat any POST without doing it twice: the first answer is kept for 24 hours and given again.
 *
 * Only answers that did something are kept; after a refusal the same key may try again. A request whose
 * process died, or whose answer could not be kept, can be repeated after a minute, and makes the same ids (see `NewId`).
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly logger: Logger,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const key = readKey(request);
    if (key === null || !request.principal) return next.handle();
    const principal = principalName(request.principal);
    const earlier = await this.store.claim(principal, key, hashOf(request));
    switch (earlier.kind) {
      case 'running':
        throw conflict('request-running', 'A request with this Idempotency-Key is still running.');
      case 'otherRequest':
        throw REUSED;
      case 'answered':
        response.setHeader('Idempotency-Replayed', 'true');
        response.status(earlier.status);
        return of(earlier.body);
      case 'none':
        return of(await this.answerAndKeep({ principal, key }, response, next));
      default:
        return earlier satisfies never;
    }
  }

  private async answerAndKeep(
    { principal, key }: { principal: string; key: string },
    response: Response,
    next: CallHandler,
  ): Promise<unknown> {
    const body = await this.answer({ principal, key }, next);
    // The work is done, whatever becomes of the answer: a key let go now would let a repetition do it again.
    await this.store
      .keep(principal, key, response.statusCode, withoutSecret(body))
      .catch((error: unknown) => this.logger.error({ error, principal }, 'an answer could not be kept'));
    return body;
  }

  private async answer(
    { principal, key }: { principal: string; key: string },
    next: CallHandler,
  ): Promise<unknown> {
    try {
      return await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.store.release(principal, key).catch(() => undefined);
      throw error;
    }
  }
}

/**
 * Id of what a POST creates: a repeated request makes the same one, so that even a request whose answer was
 * lost together with its process creates one thing.
 */
export const NewId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<ApiRequest>();
  const key = readKey(request);
  if (key === null || !request.principal) return randomUUID();
  const name = [principalName(request.principal), request.path, key].join('\n');
  return createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
});

const REUSED = new Problem({
  status: 422,
  slug: 'idempotency-key-reused',
  title: 'Idempotency-Key reused',
  detail: 'This Idempotency-Key belongs to another request: use a new one.',
});

function readKey(request: ApiRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw invalid([
    {
      field: 'Idempotency-Key',
      problem: 'is not a key',
      wouldBeRight: '1 to 255 visible ASCII characters, such as a UUID',
    },
  ]);
}

function hashOf({ method, originalUrl, rawBody }: ApiRequest): string {
  return createHash('sha256')
    .update(`${method} ${originalUrl}\n`)
    .update(rawBody ?? '')
    .digest('hex');
}

/** A new key's secret is shown once and kept nowhere; a replayed answer says null. */
function withoutSecret(body: unknown): unknown {
  return body !== null && typeof body === 'object' && 'secret' in body ? { ...body, secret: null } : body;
}

import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { conflict, Problem } from './problem';

/** Turns whatever was thrown into `application/problem+json`; what nobody expected is logged and told to nobody. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = toProblem(thrown);
    if (problem.parts.status >= 500) this.logger.error({ error: thrown }, problem.parts.title);
    if (response.headersSent) return void response.destroy();
    sendProblem(response, problem);
  }
}

/** For what answers before Nest does. */
export function sendProblem(response: Response, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.parts.headers ?? {})) response.setHeader(name, value);
  response
    .status(problem.parts.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toDocument()));
}

function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) return fromHttpException(thrown);
  return fromDatabase(thrown) ?? UNEXPECTED;
}

function fromHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  if (status === 404) {
    return new Problem({
      status,
      slug: 'not-found',
      title: 'Not found',
      detail: 'There is nothing at this address.',
    });
  }
  return new Problem({
    status,
    slug: 'refused',
    title: exception.name.replace(/Exception$/, ''),
    detail: exception.message,
  });
}

const UNEXPECTED = new Problem({
  status: 500,
  slug: 'internal',
  title: 'Internal error',
  detail: 'This is our fault; the log says more under this request id.',
});

const AWAY = new Problem({
  status: 503,
  slug: 'database-away',
  title: 'Not available',
  detail: 'The database does not answer at the moment.',
  headers: { 'Retry-After': '2' },
});

const UNUSABLE_TEXT = new Problem({
  status: 400,
  slug: 'invalid-request',
  title: 'Invalid request',
  detail: 'A text holds a character that cannot be stored (NUL or half a surrogate pair).',
});

/** Postgres' own words: 08 and 57P are lost connections, 40 asks to try again, 22021 and 22P05 are characters. */
function fromDatabase(thrown: unknown): Problem | null {
  const code = String((thrown as { code?: unknown } | null)?.code ?? '');
  if (/^(08|57P|40|53)/.test(code) || /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT)/.test(code)) return AWAY;
  if (/^Connection terminated|timeout exceeded when trying to connect/.test((thrown as Error).message ?? ''))
    return AWAY;
  if (code === '23505') return conflict('exists-already', 'Something with this identity exists already.');
  return code === '22021' || code === '22P05' ? UNUSABLE_TEXT : null;
}

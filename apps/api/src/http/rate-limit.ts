import type { NextFunction, RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiConfig } from '../api.config';
import { principalName, type ApiRequest } from '../access/principal';
import { tooMany } from './problem';
import { sendProblem } from './problem.filter';

const WINDOW_S = 10;

/**
 * Counts requests per key, per customer, and per address where nobody has been proven. Each process counts for
 * itself: the limits stop runaway senders, they are not a bill.
 */
export function rateLimit({ limits }: ApiConfig): RequestHandler {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_S });
  const keys = limiter(limits.requestsPerKey);
  const customers = limiter(limits.requestsPerCustomer);
  const strangers = limiter(limits.requestsPerStranger);
  return (request, response: Response, next: NextFunction) => {
    if (!/^\/v1\//i.test(request.path)) return next();
    const { principal, ip } = request as ApiRequest;
    const used = principal
      ? (principal.kind === 'key' ? keys : customers).consume(principalName(principal))
      : strangers.consume(ip ?? 'unknown');
    used.then(
      () => next(),
      (refused: unknown) => {
        if (!(refused instanceof RateLimiterRes)) return next(refused);
        sendProblem(response, tooMany('The limit of requests is reached.', refused.msBeforeNext));
      },
    );
  };
}

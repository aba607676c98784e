import type { NextFunction, RequestHandler, Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { ApiConfig } from '../api.config';
import { principalName, type ApiRequest } from '../access/principal';
import { refuseOrPass, WINDOW_S, type StrangerLimit } from './stranger-limit';

/** The API, and the pages behind links in messages. */
const COUNTED = /^\/(v1|u|p|v)\//i;

/**
 * Counts requests per key, per customer, and per address where nobody has been proven. Each process counts for
 * itself: the limits stop runaway senders, they are not a bill.
 */
export function rateLimit({ limits }: ApiConfig, strangers: StrangerLimit): RequestHandler {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_S });
  const keys = limiter(limits.requestsPerKey);
  const customers = limiter(limits.requestsPerCustomer);
  return (request, response: Response, next: NextFunction) => {
    if (!COUNTED.test(request.path)) return next();
    const { principal } = request as ApiRequest;
    const used: Promise<unknown> = principal
      ? (principal.kind === 'key' ? keys : customers).consume(principalName(principal))
      : strangers.count(request);
    used.then(
      () => next(),
      (refused: unknown) => refuseOrPass(response, refused, next),
    );
  };
}

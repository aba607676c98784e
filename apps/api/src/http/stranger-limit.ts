import type { NextFunction, Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from './problem';
import { sendProblem } from './problem.filter';

/** Seconds after which counting begins anew. */
export const WINDOW_S = 10;

/** Counts by address the requests that have proven nobody, each once, however often it is met. */
export class StrangerLimit {
  private readonly limiter: RateLimiterMemory;
  private readonly counted = new WeakSet<Request>();

  constructor(points: number) {
    this.limiter = new RateLimiterMemory({ points, duration: WINDOW_S });
  }

  /** @throws RateLimiterRes if the address has used up its requests */
  async count(request: Request): Promise<void> {
    if (this.counted.has(request)) return;
    this.counted.add(request);
    await this.limiter.consume(addressOf(request));
  }

  /** It was no stranger after all. */
  async forgive(request: Request): Promise<void> {
    if (this.counted.delete(request)) await this.limiter.reward(addressOf(request));
  }
}

/** Answers 429 to whom a limiter has refused; everything else is a failure of ours. */
export function refuseOrPass(response: Response, refused: unknown, next: NextFunction): void {
  if (!(refused instanceof RateLimiterRes)) return next(refused);
  sendProblem(response, tooMany('The limit of requests is reached.', refused.msBeforeNext));
}

function addressOf({ ip }: Request): string {
  return ip ?? 'unknown';
}

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../http/problem';

const HOUR_S = 3_600;
/** Each code allows five tries; a person mistypes some. */
const WRONG_TRIES_PER_CODE = 5;
const WRONG_TRIES_PER_CUSTOMER = 30;

/**
 * Counts, beside what is counted by contact point and customer in the database, by the address that the customer's
 * requests come from: one caller with many accounts must not pester people, nor guess. Each process counts for itself.
 */
export class VerificationLimits {
  private readonly sent: RateLimiterMemory;
  private readonly wrongByAddress: RateLimiterMemory;
  private readonly wrongByCustomer = new RateLimiterMemory({
    points: WRONG_TRIES_PER_CUSTOMER,
    duration: HOUR_S,
  });

  /** @param codesPerHour from one address */
  constructor(codesPerHour: number) {
    this.sent = new RateLimiterMemory({ points: codesPerHour, duration: HOUR_S });
    this.wrongByAddress = new RateLimiterMemory({
      points: codesPerHour * WRONG_TRIES_PER_CODE,
      duration: HOUR_S,
    });
  }

  /** @param ip null for a system, which speaks for many */
  async countCode(ip: string | null): Promise<void> {
    if (ip !== null) await within(this.sent, ip, 'Enough codes have been asked for from here.');
  }

  /** To be asked before a try is judged. */
  async needTry(ip: string | null, customerId: string): Promise<void> {
    await need(this.wrongByCustomer, customerId);
    if (ip !== null) await need(this.wrongByAddress, ip);
  }

  async countWrong(ip: string | null, customerId: string): Promise<void> {
    await this.wrongByCustomer.penalty(customerId);
    if (ip !== null) await this.wrongByAddress.penalty(ip);
  }
}

async function within(limiter: RateLimiterMemory, key: string, detail: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooMany(detail, refused.msBeforeNext);
  }
}

async function need(limiter: RateLimiterMemory, key: string): Promise<void> {
  const used = await limiter.get(key);
  if (used && used.consumedPoints >= limiter.points) {
    throw tooMany('Too many wrong codes.', used.msBeforeNext);
  }
}

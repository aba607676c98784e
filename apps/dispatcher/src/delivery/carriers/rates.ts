import type { Lane } from '@app/contracts';
import type { BucketTerms, TokenBucketStore } from '@app/persistence';

/** Calls that a claim may make to carriers with a rate; others are not limited. */
export class Allowance {
  static readonly unlimited = new Allowance(new Map());

  constructor(
    private readonly granted: ReadonlyMap<string, { tokens: number; againInMs: number }>,
    private readonly used = new Map<string, number>(),
  ) {}

  left(provider: string): number {
    const bucket = this.granted.get(provider);
    return bucket ? bucket.tokens - (this.used.get(provider) ?? 0) : Number.POSITIVE_INFINITY;
  }

  use(provider: string): void {
    if (this.granted.has(provider)) this.used.set(provider, (this.used.get(provider) ?? 0) + 1);
  }

  /** Until a bucket that is empty has filled by one. */
  againInMs(provider: string): number {
    return this.granted.get(provider)?.againInMs ?? 0;
  }

  get unused(): [string, number][] {
    return [...this.granted.keys()].map((provider) => [provider, this.left(provider)] as [string, number]);
  }
}

/** What carriers may be sent per second, for all workers together: the buckets are in Postgres. */
export class Rates {
  private readonly terms: readonly BucketTerms[];

  constructor(
    private readonly buckets: TokenBucketStore,
    private readonly perSecond: ReadonlyMap<string, number>,
  ) {
    this.terms = [...perSecond].map(([name, rate]) => termsOf(name, rate));
  }

  /** Takes what a claim may need at most; what it does not use is given back. */
  async take(lane: Lane, wanted: number): Promise<Allowance> {
    if (this.terms.length === 0 || wanted <= 0) return new Allowance(new Map());
    const granted = await this.buckets.take(this.terms, wanted, lane === 'urgent');
    return new Allowance(
      new Map(
        granted.map(({ name, tokens }) => [
          name,
          { tokens, againInMs: Math.ceil(1_000 / (this.perSecond.get(name) ?? 1)) },
        ]),
      ),
    );
  }

  async giveBack(allowance: Allowance): Promise<void> {
    const unused = allowance.unused.filter(([, tokens]) => tokens > 0);
    if (unused.length > 0) await this.buckets.giveBack(this.terms, new Map(unused));
  }

  isLimited(provider: string): boolean {
    return this.perSecond.has(provider);
  }
}

/** A burst of a second's worth; a tenth of it is kept for what is urgent. */
function termsOf(name: string, rate: number): BucketTerms {
  const burst = Math.max(1, rate);
  return { name, rate, burst, reserve: burst >= 10 ? burst / 10 : 0 };
}

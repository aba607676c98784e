/** A metric may allow a day of lateness, and a series a thousand events a second: their ids alone would fill the memory. */
const MOST = 65_536;

/**
 * Which events a series with windows has taken lately, so that taking one again changes nothing: those that may come
 * again, and of very many the latest. Kept as 53-bit hashes of (source, id): among 60,000 of them the chance that a new
 * event looks like a known one is 1 in 10^11.
 */
export class SeenIds {
  /** Hash to event time, in the order of arrival. */
  private readonly times: Map<number, number>;

  /** @param saved from `save`; null: none yet */
  constructor(saved: unknown) {
    this.times = new Map((saved as [number, number][] | null) ?? []);
  }

  has(source: string, id: string, oldest: number): boolean {
    const at = this.times.get(hash53(`${source}\n${id}`));
    return at !== undefined && at >= oldest;
  }

  /** @param oldest event time before which nothing is asked for any more */
  add(source: string, id: string, at: number, oldest: number): void {
    this.times.set(hash53(`${source}\n${id}`), at);
    for (const [hash, time] of this.times) {
      if (time >= oldest && this.times.size <= MOST) return;
      this.times.delete(hash);
    }
  }

  save(): unknown {
    return [...this.times];
  }
}

/** cyrb53 (bryc, public domain): two multiplicative 32-bit mixes side by side. */
function hash53(text: string): number {
  let high = 0xdead_beef;
  let low = 0x41c6_ce57;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}

import type { Queryable } from '../database';

export interface BucketTerms {
  name: string;
  /** Tokens per second. */
  rate: number;
  /** The most that can be saved up. */
  burst: number;
  /** So many stay for what is urgent. */
  reserve: number;
}

/**
 * Token buckets that hold across workers: in every span of time no more is granted than rate times span plus burst,
 * however many take at once. Rows appear as they are first asked for, full.
 */
export class TokenBucketStore {
  constructor(private readonly database: Queryable) {}

  /**
   * @param wanted tokens from each of the buckets
   * @param isUrgent may also have what is reserved
   * @returns whole tokens for each bucket, perhaps none
   */
  async take(
    terms: readonly BucketTerms[],
    wanted: number,
    isUrgent: boolean,
  ): Promise<{ name: string; tokens: number }[]> {
    const granted = await this.database.query<{ name: string; tokens: number }>(TAKE, [
      ...columnsOf(terms),
      terms.map((one) => (isUrgent ? 0 : one.reserve)),
      wanted,
    ]);
    if (granted.length === terms.length) return granted;
    await this.database.query(OPEN, [terms.map((one) => one.name), terms.map((one) => one.burst)]);
    return this.take(terms, wanted, isUrgent);
  }

  /** Puts tokens back that were taken and not used; never above the burst. */
  async giveBack(terms: readonly BucketTerms[], unused: ReadonlyMap<string, number>): Promise<void> {
    const back = terms.filter((one) => unused.has(one.name));
    await this.database.query(GIVE_BACK, [
      back.map((one) => one.name),
      back.map((one) => unused.get(one.name) ?? 0),
      back.map((one) => one.burst),
    ]);
  }
}

function columnsOf(terms: readonly BucketTerms[]): unknown[] {
  return [terms.map((one) => one.name), terms.map((one) => one.rate), terms.map((one) => one.burst)];
}

const OPEN = `insert into token_buckets (name, tokens) select * from unnest($1::text[], $2::float8[]) on conflict do nothing`;

/** The clock is read after the lock is held: by an earlier reading a bucket that others waited for would fill twice. */
const TAKE = `with locked as materialized (
    select name, tokens, refilled_at from token_buckets where name = any($1::text[]) order by name for update),
  clock as materialized (select clock_timestamp() as at, count(*) as locked from locked),
  filled as materialized (
    select l.name, t.reserve, c.at, least(t.burst, l.tokens + t.rate * greatest(0, extract(epoch from c.at - l.refilled_at)::float8)) as tokens
    from locked l join unnest($1::text[], $2::float8[], $3::float8[], $4::float8[]) as t (name, rate, burst, reserve) on t.name = l.name
    cross join clock c),
  granted as materialized (select name, at, tokens, least($5::float8, greatest(0, floor(tokens - reserve))) as taken from filled)
  update token_buckets b set tokens = g.tokens - g.taken, refilled_at = greatest(b.refilled_at, g.at)
  from granted g where b.name = g.name returning b.name, g.taken as tokens`;

const GIVE_BACK = `update token_buckets b set tokens = least(u.burst, b.tokens + u.unused)
  from unnest($1::text[], $2::float8[], $3::float8[]) as u (name, unused, burst) where b.name = u.name`;

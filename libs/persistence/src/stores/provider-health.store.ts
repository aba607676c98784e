import type { Channel } from '@app/contracts';
import type { Database, Queryable } from '../database';

/** One carrier's share of a channel's traffic, and why. */
export interface ProviderHealth {
  channel: Channel;
  provider: string;
  /** 0 to 100; of all carriers of a channel 100. */
  weight: number;
  /** A person's choice, which stands instead of the weight; null where there is none. */
  pinned: number | null;
  version: number;
  reason: string;
  changedAt: Date;
}

export interface HealthChange {
  channel: Channel;
  provider: string;
  weight: number;
  reason: string;
  changedAt: Date;
}

/** What receipts say of a carrier's messages of a while ago. */
export interface Slowness {
  provider: string;
  messages: number;
  /** Not delivered five minutes after they were sent. */
  slow: number;
  /** Receipts came at all; without them nothing can be said. */
  hasReceipts: boolean;
}

/** Weights of carriers: decided by whoever notices, one decision after the other, each kept with its reason. */
export class ProviderHealthStore {
  constructor(private readonly database: Database) {}

  /**
   * Makes the channel's rows those of the carriers that are set up now; where they were others, all begin at rest.
   * @param resting weight by carrier
   */
  async register(channel: Channel, resting: ReadonlyMap<string, number>): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(`select pg_advisory_xact_lock(hashtext('provider_health'))`);
      const known = await lockRows(transaction, channel);
      const isSame = known.length === resting.size && known.every((row) => resting.has(row.provider));
      if (isSame) return;
      await transaction.query(REGISTER, [channel, [...resting.keys()], [...resting.values()]]);
    });
  }

  /** By channel, then by name. */
  async list(): Promise<ProviderHealth[]> {
    return this.database.query(`${HEALTH} order by channel, provider`);
  }

  /** What changed, newest first. */
  async history(limit: number): Promise<HealthChange[]> {
    return this.database.query(
      `select channel, provider, weight, reason, changed_at as "changedAt"
       from provider_health_history order by id desc limit $1`,
      [limit],
    );
  }

  /**
   * Changes weights under a lock on the channel's rows, so that two who notice the same take points once.
   * @param decide called with the rows and the store's clock (epoch ms); what it returns is written
   * @returns whether anything changed
   */
  async change(
    channel: Channel,
    reason: string,
    decide: (rows: readonly ProviderHealth[], now: number) => ReadonlyMap<string, number>,
  ): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const rows = await lockRows(transaction, channel);
      const [clock] = await transaction.query<{ now: number }>(
        `select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
      );
      const changes = decide(rows, clock?.now ?? 0);
      if (changes.size === 0) return false;
      await transaction.query(CHANGE, [channel, [...changes.keys()], [...changes.values()], reason]);
      return true;
    });
  }

  /**
   * Sets a carrier's weight by hand; null takes that back.
   * @returns null if there is no such carrier
   */
  async pin(
    channel: Channel,
    provider: string,
    pinned: number | null,
    reason: string,
  ): Promise<ProviderHealth | null> {
    const [row] = await this.database.query<ProviderHealth>(PIN, [channel, provider, pinned, reason]);
    return row ?? null;
  }

  /** Of messages that were sent five to fifteen minutes ago, a few thousand at most. */
  async slowness(channel: Channel): Promise<Slowness[]> {
    return this.database.query(SLOWNESS, [channel]);
  }
}

async function lockRows(transaction: Queryable, channel: Channel): Promise<ProviderHealth[]> {
  return transaction.query(`${HEALTH} where channel = $1 order by provider for update`, [channel]);
}

const COLUMNS = `channel, provider, weight, pinned, version, reason, changed_at as "changedAt"`;
const HEALTH = `select ${COLUMNS} from provider_health`;

const REGISTER = `with gone as (delete from provider_health where channel = $1 and not (provider = any($2::text[]))),
  now_there as (
    insert into provider_health (channel, provider, weight, reason)
    select $1, * , 'carriersChanged' from unnest($2::text[], $3::int[])
    on conflict (channel, provider) do update set weight = excluded.weight, version = provider_health.version + 1,
      reason = excluded.reason, changed_at = now()
    returning channel, provider, weight, reason)
  insert into provider_health_history (channel, provider, weight, reason) select * from now_there`;

const CHANGE = `with changed as (
    update provider_health h set weight = c.weight, version = h.version + 1, reason = $4, changed_at = clock_timestamp()
    from unnest($2::text[], $3::int[]) as c (provider, weight)
    where h.channel = $1 and h.provider = c.provider returning h.channel, h.provider, h.weight, h.reason)
  insert into provider_health_history (channel, provider, weight, reason) select * from changed`;

const PIN = `with changed as (
    update provider_health set pinned = $3, version = version + 1, reason = $4, changed_at = clock_timestamp()
    where channel = $1 and provider = $2 returning *),
  kept as (
    insert into provider_health_history (channel, provider, weight, reason)
    select channel, provider, coalesce(pinned, weight), reason from changed)
  select ${COLUMNS} from changed`;

/** A message that took five minutes or is not delivered after them; those that bounced were not slow but wrong. */
const SLOWNESS = `select s.provider, count(*) as messages, bool_or(d.receipt is not null) as "hasReceipts",
    count(*) filter (where d.receipt is null or d.receipt = 'sent'
      or d.receipt in ('delivered', 'seen') and d.receipt_at - s.ended_at >= interval '5 minutes') as slow
  from (select provider, delivery_id, ended_at from attempts
    where started_at between now() - interval '15 minutes' and now() - interval '5 minutes' and outcome = 'accepted'
    limit 5000) s
  join deliveries d on d.id = s.delivery_id and d.channel = $1
  group by s.provider`;

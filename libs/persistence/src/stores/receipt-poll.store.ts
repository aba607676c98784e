import type { Channel, Lane } from '@app/contracts';
import type { Database } from '../database';

/** An accepted attempt of which no last word has come. */
export interface SilentAttempt {
  attemptId: string;
  deliveryId: string;
  channel: Channel;
  lane: Lane;
  provider: string;
  providerMessageId: string;
  contactPointId: string | null;
  /** Null where the contact point is gone. */
  address: string | null;
  /** Epoch ms. */
  startedAt: number;
  /** How often it was asked about before. */
  askCount: number;
  /** Another carrier has had it already. */
  isRerouted: boolean;
}

/** Attempts that are to be asked about, since their provider may have called us in vain or never does. */
export class ReceiptPollStore {
  constructor(private readonly database: Database) {}

  /** Lets those rest that have their last word, or that are too old to ask about. */
  async forgetAnswered(limit: number): Promise<number> {
    const rows = await this.database.query(FORGET, [limit]);
    return rows.length;
  }

  /**
   * Takes those that are due, the oldest first, and puts each off until its next turn.
   * @param waitsMs until the next question, by the number of questions before; the last one repeats
   */
  async takeDue(limit: number, waitsMs: readonly number[]): Promise<SilentAttempt[]> {
    return this.database.query(TAKE_DUE, [limit, waitsMs]);
  }

  /** Sends an accepted delivery again through another carrier, marked; only once. */
  async reroute({ attemptId, deliveryId, provider }: SilentAttempt): Promise<boolean> {
    const rows = await this.database.query(REROUTE, [attemptId, deliveryId, provider]);
    return rows.length > 0;
  }
}

/** After three days a message without a word has an unknown end, and nothing more will be heard of it. */
export const HEARD_WITHIN_MS = 72 * 3_600_000;

const FORGET = `update attempts a set ask_at = null
  from (select t.id from attempts t join deliveries d on d.id = t.delivery_id
    where t.ask_at <= now() and (d.receipt in ('delivered', 'seen', 'undelivered', 'bounced', 'complained')
      or d.state <> 'accepted' or t.lease_epoch <> d.lease_epoch or t.provider_message_id is null
      or t.started_at < now() - interval '${HEARD_WITHIN_MS} milliseconds')
    limit $1) done
  where a.id = done.id returning 1`;

const TAKE_DUE = `with due as (
    select id from attempts where ask_at <= now() order by ask_at limit $1 for update skip locked)
  update attempts a set asked_at = now(), ask_count = a.ask_count + 1,
    ask_at = now() + ($2::float8[])[least(a.ask_count + 1, cardinality($2::float8[]))] * interval '1 millisecond'
  from due, deliveries d left join contact_points p on p.id = d.contact_point_id
  where a.id = due.id and d.id = a.delivery_id
  returning a.id as "attemptId", d.id as "deliveryId", d.channel, d.lane, a.provider,
    a.provider_message_id as "providerMessageId", d.contact_point_id as "contactPointId", p.address,
    extract(epoch from a.started_at)::float8 * 1000 as "startedAt", a.ask_count - 1 as "askCount",
    d.avoid_provider is not null as "isRerouted"`;

const REROUTE = `with again as (
    update deliveries set state = 'retry', reason = 'noReceipt', not_before = now(), avoid_provider = $3,
      duplicate_possible = true, finished_at = null
    where id = $2 and state = 'accepted' and avoid_provider is null and expires_at > now()
      and coalesce(receipt, 'sent') = 'sent' returning lane),
  resting as (update attempts set ask_at = null where id = $1 and exists (select 1 from again))
  select pg_notify('deliveries', lane) from again`;

import type { Database } from '../database';

/** Which deliveries to one contact point go again: one of them, or all made in a span of time. */
export interface ReplayWish {
  customerId: string;
  contactPointId: string;
  deliveryId: string | null;
  from: Date | null;
  to: Date;
}

/** Sends again, under the same id, what a web hook may have lost. */
export class WebhookReplayStore {
  constructor(private readonly database: Database) {}

  /**
   * Puts deliveries that have ended back into their lane, with all their tries; the oldest first, at most `limit`.
   * @returns how many
   */
  async replay(
    { customerId, contactPointId, deliveryId, from, to }: ReplayWish,
    limit: number,
  ): Promise<number> {
    const rows = await this.database.query<{ lane: string }>(REPLAY, [
      contactPointId,
      customerId,
      deliveryId,
      from,
      to,
      limit,
    ]);
    return rows.length;
  }
}

/** Codes are left out: an old one proves nothing, and a new one can be asked for. */
const REPLAY = `with wanted as (
    select d.id from deliveries d join notifications n on n.id = d.notification_id
    where d.contact_point_id = $1 and d.customer_id = $2 and n.kind <> 'verificationCode'
      and d.state in ('accepted', 'failed', 'expired', 'ambiguous')
      and ($3::uuid is null or d.id = $3) and ($4::timestamptz is null or d.created_at >= $4) and d.created_at < $5
    order by d.seq limit $6 for update of d),
  again as (
    update deliveries d set state = 'pending', attempt_no = 0, not_before = now(),
      expires_at = now() + interval '76 hours', reason = 'replayed', finished_at = null
    from wanted where d.id = wanted.id returning d.lane)
  select lane, pg_notify('deliveries', lane) from again`;

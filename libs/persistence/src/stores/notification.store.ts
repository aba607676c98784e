import type { Channel, ContactPoint, Lane, Notification, NotificationBody, Preference } from '@app/contracts';
import type { Database, Queryable } from '../database';

/** What planning needs to know about the people behind a page of notifications. */
export interface Recipients {
  contactPoints: ContactPoint[];
  preferences: (Preference & { customerId: string })[];
  /** Where the firing of an alert was told, as `channel:contactPointId`, by alert. */
  told: Map<string, string[]>;
}

export interface UnplannedNotification extends Notification {
  alertId: string | null;
}

export interface PlannedDelivery {
  deliveryId: string;
  notificationId: string;
  customerId: string | null;
  contactPointId: string | null;
  channel: Channel;
  lane: Lane;
  /** Epoch ms. */
  expiresAt: number;
}

export interface DecisionToSave {
  notificationId: string;
  channel: Channel | null;
  contactPointId: string | null;
  decision: string;
  reason: string;
}

/** Notifications on their way to becoming deliveries. */
export class NotificationStore {
  constructor(private readonly database: Database) {}

  /**
   * Runs `plan` over the next page of a lane, one planner at a time: a recovery must be planned after its
   * firing, and planning is set-based, so a second planner would only wait for rows.
   * @returns how many were planned; 0 means that the lane is empty
   */
  async planNext(
    lane: Lane,
    limit: number,
    plan: (transaction: Queryable, page: UnplannedNotification[]) => Promise<void>,
  ): Promise<number> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(`select pg_advisory_xact_lock(hashtext('plan'), hashtext($1))`, [lane]);
      const page = await transaction.query<UnplannedRow>(UNPLANNED, [lane, limit]);
      if (page.length === 0) return 0;
      await plan(transaction, page.map(toNotification));
      await transaction.query(`update notifications set planned_at = now() where id = any($1::uuid[])`, [
        page.map((row) => row.notificationId),
      ]);
      return page.length;
    });
  }

  async recipientsOf(transaction: Queryable, page: readonly UnplannedNotification[]): Promise<Recipients> {
    const customers = [...new Set(page.flatMap((n) => n.customerId ?? []))];
    const alerts = page.flatMap((n) => (n.body.kind === 'alertRecovered' && n.alertId ? [n.alertId] : []));
    const contactPoints = await transaction.query<ContactPoint>(
      `select id as "contactPointId", customer_id as "customerId", channel, address, verified_at as "verifiedAt"
       from contact_points where customer_id = any($1::text[]) order by created_at, id`,
      [customers],
    );
    const preferences = await transaction.query<Preference & { customerId: string }>(
      `select customer_id as "customerId", topic, channel, enabled from preferences where customer_id = any($1::text[])`,
      [customers],
    );
    return { contactPoints, preferences, told: await this.toldOf(transaction, alerts) };
  }

  private async toldOf(transaction: Queryable, alertIds: readonly string[]): Promise<Map<string, string[]>> {
    const told = new Map<string, string[]>(alertIds.map((id) => [id, []]));
    if (alertIds.length === 0) return told;
    const rows = await transaction.query<{ alertId: string; channel: string; contactPointId: string | null }>(
      `select n.alert_id as "alertId", d.channel, d.contact_point_id as "contactPointId"
       from notifications n join deliveries d on d.notification_id = n.id
       where n.alert_id = any($1::uuid[]) and n.kind = 'alertFired'`,
      [alertIds],
    );
    for (const row of rows) told.get(row.alertId)?.push(`${row.channel}:${row.contactPointId ?? ''}`);
    return told;
  }

  async savePlan(
    transaction: Queryable,
    deliveries: readonly PlannedDelivery[],
    decisions: readonly DecisionToSave[],
  ): Promise<void> {
    if (deliveries.length > 0) await this.saveDeliveries(transaction, deliveries);
    await transaction.query(
      `insert into decisions (notification_id, channel, contact_point_id, decision, reason)
       select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[])`,
      [
        decisions.map((d) => d.notificationId),
        decisions.map((d) => d.channel),
        decisions.map((d) => d.contactPointId),
        decisions.map((d) => d.decision),
        decisions.map((d) => d.reason),
      ],
    );
  }

  private async saveDeliveries(
    transaction: Queryable,
    deliveries: readonly PlannedDelivery[],
  ): Promise<void> {
    await transaction.query(
      `insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, expires_at)
       select id, notification_id, customer_id, contact_point_id, channel, lane, 'pending',
         to_timestamp(expires_at / 1000.0)
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::float8[])
         with ordinality
         as d (id, notification_id, customer_id, contact_point_id, channel, lane, expires_at, position)
       order by position
       on conflict (id) do nothing`,
      [
        deliveries.map((d) => d.deliveryId),
        deliveries.map((d) => d.notificationId),
        deliveries.map((d) => d.customerId),
        deliveries.map((d) => d.contactPointId),
        deliveries.map((d) => d.channel),
        deliveries.map((d) => d.lane),
        deliveries.map((d) => d.expiresAt),
      ],
    );
    for (const lane of new Set(deliveries.map((d) => d.lane))) {
      await transaction.query(`select pg_notify('deliveries', $1)`, [lane]);
    }
  }
}

const UNPLANNED = `select id as "notificationId", customer_id as "customerId", topic, lane, channels, kind, facts,
    alert_id as "alertId", extract(epoch from caused_at)::float8 * 1000 as "causedAt"
  from notifications where lane = $1 and planned_at is null order by seq limit $2 for update`;

type UnplannedRow = Omit<UnplannedNotification, 'body'> & { kind: string; facts: unknown };

function toNotification({ kind, facts, ...rest }: UnplannedRow): UnplannedNotification {
  return { ...rest, body: { kind, facts } as NotificationBody };
}

import type {
  Channel,
  ContactPoint,
  Customer,
  Lane,
  Notification,
  NotificationBody,
  Preference,
} from '@app/contracts';
import type { Database, Queryable } from '../database';
import { SAVE_PLAN, UNPLANNED } from './notification.sql';

/** What planning needs to know about the people behind a page of notifications. */
export interface Recipients {
  customers: Customer[];
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
  /** Set where the delivery is born leased, to be sent at once by whoever planned it. */
  lease: { owner: string; ms: number; provider: string } | null;
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
      const page = await transaction.query<UnplannedRow>(UNPLANNED, [lane, limit]);
      if (page.length > 0) await plan(transaction, page.map(toNotification));
      return page.length;
    });
  }

  /** Reads beside the planner's transaction, all at once: three trips one after another were a third of planning. */
  async recipientsOf(page: readonly UnplannedNotification[]): Promise<Recipients> {
    const ids = [...new Set(page.flatMap((n) => n.customerId ?? []))];
    const [customers, contactPoints, preferences, told] = await Promise.all([
      this.database.query<Customer>(
        `select id, name, time_zone as "timeZone", language from customers where id = any($1::text[])`,
        [ids],
      ),
      this.database.query<ContactPoint>(
        `select id as "contactPointId", customer_id as "customerId", channel, address, verified_at as "verifiedAt"
         from contact_points where customer_id = any($1::text[]) order by created_at, id`,
        [ids],
      ),
      this.database.query<Preference & { customerId: string }>(
        `select customer_id as "customerId", topic, channel, enabled from preferences where customer_id = any($1::text[])`,
        [ids],
      ),
      this.toldOf(page.flatMap((n) => (n.body.kind === 'alertRecovered' && n.alertId ? [n.alertId] : []))),
    ]);
    return { customers, contactPoints, preferences, told };
  }

  private async toldOf(alertIds: readonly string[]): Promise<Map<string, string[]>> {
    const told = new Map<string, string[]>(alertIds.map((id) => [id, []]));
    if (alertIds.length === 0) return told;
    const rows = await this.database.query<{
      alertId: string;
      channel: string;
      contactPointId: string | null;
    }>(
      `select n.alert_id as "alertId", d.channel, d.contact_point_id as "contactPointId"
       from notifications n join deliveries d on d.notification_id = n.id
       where n.alert_id = any($1::uuid[]) and n.kind = 'alertFired'`,
      [alertIds],
    );
    for (const row of rows) told.get(row.alertId)?.push(`${row.channel}:${row.contactPointId ?? ''}`);
    return told;
  }

  /**
   * Marks the page as planned and writes what came of it, in one statement.
   * @returns the leased deliveries with the ids of their attempts
   */
  async savePlan(
    transaction: Queryable,
    page: readonly UnplannedNotification[],
    deliveries: readonly PlannedDelivery[],
    decisions: readonly DecisionToSave[],
  ): Promise<Map<string, string>> {
    const rows = await transaction.query<{ deliveryId: string; attemptId: string | null }>(SAVE_PLAN, [
      page.map((n) => n.notificationId),
      decisions.map((d) => d.notificationId),
      decisions.map((d) => d.channel),
      decisions.map((d) => d.contactPointId),
      decisions.map((d) => d.decision),
      decisions.map((d) => d.reason),
      deliveries.map((d) => d.deliveryId),
      deliveries.map((d) => d.notificationId),
      deliveries.map((d) => d.customerId),
      deliveries.map((d) => d.contactPointId),
      deliveries.map((d) => d.channel),
      deliveries.map((d) => d.lane),
      deliveries.map((d) => d.expiresAt),
      deliveries.map((d) => d.lease?.owner ?? null),
      deliveries.map((d) => d.lease?.ms ?? null),
      deliveries.map((d) => d.lease?.provider ?? null),
    ]);
    return new Map(rows.flatMap((row) => (row.attemptId ? [[row.deliveryId, row.attemptId]] : [])));
  }
}

type UnplannedRow = Omit<UnplannedNotification, 'body'> & { kind: string; facts: unknown };

function toNotification({ kind, facts, ...rest }: UnplannedRow): UnplannedNotification {
  return { ...rest, body: { kind, facts } as NotificationBody };
}

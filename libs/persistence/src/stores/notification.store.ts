import type {
  Channel,
  ContactPoint,
  Customer,
  Lane,
  Notification,
  NotificationBody,
  Preference,
} from '@app/contracts';
import type { Database } from '../database';
import { RECIPIENTS, SAVE_PLAN, UNPLANNED } from './notification.sql';

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

  /** The next page of a lane, in order; another planner may be at it, too. */
  async unplanned(lane: Lane, limit: number): Promise<UnplannedNotification[]> {
    const rows = await this.database.query<UnplannedRow>(UNPLANNED, [lane, limit]);
    return rows.map(toNotification);
  }

  /** All that planning asks of the store about the people behind a page, in one trip. */
  async recipientsOf(page: readonly UnplannedNotification[]): Promise<Recipients> {
    const customers = [...new Set(page.flatMap((n) => n.customerId ?? []))];
    const alerts = page.flatMap((n) => (n.body.kind === 'alertRecovered' && n.alertId ? [n.alertId] : []));
    const [row] = await this.database.query<RecipientsRow>(RECIPIENTS, [customers, alerts]);
    const found = row as RecipientsRow; // a statement without a source always answers with one row
    const told = new Map<string, string[]>(alerts.map((id) => [id, []]));
    for (const { alertId, key } of found.told) told.get(alertId)?.push(key);
    return { ...found, contactPoints: found.contactPoints.map(withDates), told };
  }

  /**
   * Marks the page as planned and writes what came of it, in one statement.
   * @returns the leased deliveries with the ids of their attempts; without those that another planner saved first
   */
  async savePlan(
    page: readonly UnplannedNotification[],
    deliveries: readonly PlannedDelivery[],
    decisions: readonly DecisionToSave[],
  ): Promise<Map<string, string>> {
    const rows = await this.database.query<{ deliveryId: string; attemptId: string | null }>(SAVE_PLAN, [
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

type RecipientsRow = Omit<Recipients, 'told' | 'contactPoints'> & {
  contactPoints: (Omit<ContactPoint, 'verifiedAt'> & { verifiedAt: string | null })[];
  told: { alertId: string; key: string }[];
};

function withDates(point: RecipientsRow['contactPoints'][number]): ContactPoint {
  return { ...point, verifiedAt: point.verifiedAt === null ? null : new Date(point.verifiedAt) };
}

type UnplannedRow = Omit<UnplannedNotification, 'body'> & { kind: string; facts: unknown };

function toNotification({ kind, facts, ...rest }: UnplannedRow): UnplannedNotification {
  return { ...rest, body: { kind, facts } as NotificationBody };
}

import type { Lane, NotificationBody } from '@app/contracts';
import type { Database } from '../database';
import { PAGE_TO_PLAN } from './notification.sql';
import type {
  PageToPlan,
  PlanToSave,
  PlannedContactPoint,
  Recipients,
  SavedPlan,
  UnplannedNotification,
} from './planned';
import { SAVE_PLAN } from './save-plan.sql';

/** Notifications on their way to becoming deliveries. */
export class NotificationStore {
  constructor(private readonly database: Pick<Database, 'forRows'>) {}

  /** The next page of a lane, in order, with the people behind it; another planner may be at it, too. */
  async pageToPlan(lane: Lane, limit: number): Promise<PageToPlan> {
    // A walk along one index, then each person by theirs: one plan is right for any length of the page.
    const [row] = await this.database.forRows(1).query<PageRow>(PAGE_TO_PLAN, [lane, limit]);
    const { page: found, contactPoints, told, taken, ...recipients } = row as PageRow; // it always answers with one row
    const page = found.map(toNotification);
    return {
      page,
      recipients: {
        ...recipients,
        contactPoints: contactPoints.map(withDates),
        told: waysBy(page.filter(asksWhereFiringWas), told),
        taken: waysBy(
          page.filter(({ isReplanned }) => isReplanned),
          taken,
        ),
      },
    };
  }

  /**
   * Marks the page as planned and writes what came of it, in one statement; see `SAVE_PLAN`.
   * @param recipients as the plan saw them: where a customer has moved on since, their part of the page is left unplanned
   */
  async savePlan(
    page: readonly UnplannedNotification[],
    recipients: Pick<Recipients, 'customers'>,
    plan: PlanToSave,
  ): Promise<SavedPlan> {
    const [row] = await this.database
      .forRows(page.length)
      .query<SavedRow>(SAVE_PLAN, [
        page.map((n) => n.notificationId),
        page.map((n) => n.customerId ?? n.notificationId),
        ...customerColumns(recipients, plan),
        ...decisionColumns(plan),
        ...deliveryColumns(plan),
        JSON.stringify(plan.digestItems),
        JSON.stringify(plan.steps),
        JSON.stringify(usesOf(plan)),
      ]);
    return { planned: new Set(row?.planned), attempts: new Map(row?.attempts) };
  }
}

/** Whoever joins a digest or counts against a cap is planned by one planner at a time. */
function customerColumns({ customers }: Pick<Recipients, 'customers'>, plan: PlanToSave): unknown[] {
  const alone = new Set<string | null>(plan.digestItems.map((item) => item.customerId));
  for (const { customerId, counted } of plan.deliveries) if (counted.length > 0) alone.add(customerId);
  return [
    customers.map((customer) => customer.id),
    customers.map((customer) => customer.planEpoch),
    customers.map((customer) => alone.has(customer.id)),
  ];
}

function decisionColumns({ decisions }: PlanToSave): unknown[] {
  return [
    decisions.map((d) => d.notificationId),
    decisions.map((d) => d.channel),
    decisions.map((d) => d.contactPointId),
    decisions.map((d) => d.decision),
    decisions.map((d) => d.reason),
    decisions.map((d) => d.notBefore ?? null),
    decisions.map((d) => (d.detail ? JSON.stringify(d.detail) : null)),
  ];
}

function deliveryColumns({ deliveries }: PlanToSave): unknown[] {
  return [
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
    deliveries.map((d) => d.notBefore),
    deliveries.map((d) => d.deferredBy),
    deliveries.map((d) => d.step),
    deliveries.map((d) => d.followed),
    deliveries.map((d) => d.pinnedProvider),
    deliveries.map((d) => d.digestId),
    deliveries.map((d) => (d.counted.length > 0 ? JSON.stringify(d.counted) : null)),
  ];
}

function usesOf({ deliveries }: PlanToSave): object[] {
  return deliveries.flatMap(({ customerId, counted }) => counted.map((use) => ({ customerId, ...use })));
}

type SavedRow = { planned: string[]; attempts: [string, string][] };

type Ways = { notificationId: string; way: string }[];

type PageRow = Omit<Recipients, 'told' | 'taken' | 'contactPoints'> & {
  page: (Omit<UnplannedNotification, 'body'> & { kind: string; facts: unknown; seq: number })[];
  contactPoints: (Omit<PlannedContactPoint, 'verifiedAt'> & { verifiedAt: string | null })[];
  told: Ways;
  taken: Ways;
};

function toNotification({ kind, facts, seq: _, ...rest }: PageRow['page'][number]): UnplannedNotification {
  return { ...rest, body: { kind, facts } as NotificationBody };
}

function asksWhereFiringWas({ body, alertId }: UnplannedNotification): boolean {
  return body.kind === 'alertRecovered' && alertId !== null;
}

function waysBy(notifications: readonly UnplannedNotification[], ways: Ways): Map<string, string[]> {
  const by = new Map<string, string[]>(notifications.map(({ notificationId }) => [notificationId, []]));
  for (const { notificationId, way } of ways) by.get(notificationId)?.push(way);
  return by;
}

function withDates(point: PageRow['contactPoints'][number]): PlannedContactPoint {
  return { ...point, verifiedAt: point.verifiedAt === null ? null : new Date(point.verifiedAt) };
}

import type { TopicPolicy } from '@app/contracts';
import type {
  PlannedContactPoint,
  PlannedCustomer,
  Recipients,
  UnplannedNotification,
} from '@app/persistence';
import { defaultPolicy, toldKey, type CapUse, type Recipient, type Way } from '@app/preferences';

type Told = Pick<UnplannedNotification, 'alertId' | 'body'>;

/** The people behind a page, as planning goes through it: what an earlier notification did counts for a later one. */
export class PeopleOfPage {
  readonly customers: ReadonlyMap<string, PlannedCustomer>;
  private readonly points: Map<string, PlannedContactPoint[]>;
  private readonly preferences: Map<string, Recipients['preferences']>;
  private readonly policies: Map<string, TopicPolicy>;
  private readonly suppressed: Map<string, Recipients['suppressed']>;
  private readonly used: Map<string, CapUse[]>;
  /** Where firings of this page go, by alert: they are not in the store yet. */
  private readonly toldHere = new Map<string, string[]>();

  constructor(private readonly recipients: Recipients) {
    this.customers = new Map(recipients.customers.map((customer) => [customer.id, customer]));
    this.points = Map.groupBy(recipients.contactPoints, (point) => point.customerId);
    this.preferences = Map.groupBy(recipients.preferences, (preference) => preference.customerId);
    this.policies = new Map(recipients.policies.map((policy) => [policy.topic, policy]));
    this.suppressed = Map.groupBy(recipients.suppressed, (point) => point.contactPointId);
    this.used = Map.groupBy(recipients.used, (use) => use.customerId);
  }

  policyOf(topic: string): TopicPolicy {
    const written = this.policies.get(topic);
    return written ? { ...defaultPolicy(topic), ...written } : defaultPolicy(topic);
  }

  recipientOf(notification: UnplannedNotification, customerId: string): Recipient {
    const { topic, step } = notification;
    const customer = this.customers.get(customerId);
    const contactPoints = this.points.get(customerId) ?? [];
    return {
      customerId,
      contactPoints,
      timeZone: customer?.timeZone ?? 'UTC',
      preferences: this.preferences.get(customerId) ?? [],
      sheet: customer?.sheet ?? {},
      sheetVersion: customer?.sheetVersion ?? 0,
      topic: this.policyOf(topic),
      told: this.toldOf(notification),
      suppressed: this.suppressedFor(topic, contactPoints),
      used: this.used.get(customerId) ?? [],
      fromStep: step,
    };
  }

  /** Ways on which a notification that is planned again has gone out already. */
  takenBy(notificationId: string): ReadonlySet<string> {
    return new Set(this.recipients.taken.get(notificationId));
  }

  pointOf(customerId: string, contactPointId: string | null): PlannedContactPoint | undefined {
    return this.points.get(customerId)?.find((point) => point.contactPointId === contactPointId);
  }

  noteUse(customerId: string, uses: readonly CapUse[]): void {
    if (uses.length === 0) return;
    const used = this.used.get(customerId);
    if (used) used.push(...uses);
    else this.used.set(customerId, [...uses]);
  }

  /** What is held back is told of its end when it goes, if it has ended by then. */
  noteTold({ alertId, body }: Told, way: Pick<Way, 'channel' | 'contactPointId'>): void {
    if (alertId === null || body.kind === 'alertRecovered') return;
    const told = this.toldHere.get(alertId) ?? [];
    this.toldHere.set(alertId, told);
    told.push(toldKey(way));
  }

  private toldOf({ notificationId, alertId, body }: UnplannedNotification): string[] | null {
    if (body.kind !== 'alertRecovered' || alertId === null) return null;
    return [...(this.recipients.told.get(notificationId) ?? []), ...(this.toldHere.get(alertId) ?? [])];
  }

  private suppressedFor(topic: string, points: readonly PlannedContactPoint[]): Map<string, string> {
    const suppressed = new Map<string, string>();
    for (const { contactPointId } of points)
      for (const each of this.suppressed.get(contactPointId) ?? [])
        if (each.topic === null || each.topic === topic) suppressed.set(contactPointId, each.reason);
    return suppressed;
  }
}

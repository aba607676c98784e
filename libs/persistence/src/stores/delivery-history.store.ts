import type { NotificationKind } from '@app/contracts';
import type { Database } from '../database';
import { BroadcastHistoryStore } from './broadcast-history.store';
import type { AttemptRecord, DecisionRecord, DeliveryFilter, DeliveryRecord } from './delivery-record';

/** Deliveries as customers and admins read them, with what was tried and decided. */
export class DeliveryHistoryStore {
  private readonly broadcasts: BroadcastHistoryStore;

  constructor(private readonly database: Database) {
    this.broadcasts = new BroadcastHistoryStore(database);
  }

  /**
   * Newest first, below the given place. A customer's list has what was told together with others, too; the list of
   * everybody's has not: there it stands with its service alert.
   */
  async list(filter: DeliveryFilter, before: number, limit: number): Promise<DeliveryRecord[]> {
    const conditions = ['d.seq < $1'];
    const values: unknown[] = [before, limit];
    // Only what is asked for stands in the statement, so that each combination uses its index.
    for (const [column, value] of Object.entries(COLUMNS).map(([name, at]) => [
      at,
      filter[name as keyof DeliveryFilter],
    ]))
      if (value !== null && value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
    const alone = await this.database.query<DeliveryRecord>(
      `${DELIVERIES} where ${conditions.join(' and ')} order by d.seq desc limit $2`,
      values,
    );
    const together = await this.broadcasts.list(filter, before, limit);
    return [...alone, ...together].sort((one, other) => other.seq - one.seq).slice(0, limit);
  }

  /** @param customerId null finds anybody's */
  async find(customerId: string | null, deliveryId: string): Promise<DeliveryRecord | null> {
    const [row] = await this.database.query<DeliveryRecord>(
      `${DELIVERIES} where d.id = $1 and ($2::text is null or d.customer_id = $2)`,
      [deliveryId, customerId],
    );
    return row ?? this.broadcasts.find(customerId, deliveryId);
  }

  /** In the order in which they were made. */
  async attemptsOf(deliveryId: string): Promise<AttemptRecord[]> {
    const together = await this.broadcasts.attemptsOf(deliveryId);
    if (together) return together;
    return this.database.query<AttemptRecord>(
      `select attempt_no as "attemptNo", provider, started_at as "startedAt", ended_at as "endedAt", outcome, reason,
         provider_message_id as "providerMessageId"
       from attempts where delivery_id = $1 order by lease_epoch`,
      [deliveryId],
    );
  }

  /** @param customerId null for a public post */
  async decisionsOf(customerId: string | null, notificationId: string): Promise<DecisionRecord[]> {
    const together = customerId === null ? [] : await this.broadcasts.decisionsOf(customerId, notificationId);
    const alone = await this.database.query<DecisionRecord>(
      `select channel, contact_point_id as "contactPointId", decision, reason, decided_at as "decidedAt"
       from decisions where notification_id = $1 order by id`,
      [notificationId],
    );
    return [
      ...together.map(({ channel, contactPointId, decision, reason, decidedAt }) => ({
        ...{ channel, contactPointId, decision, reason, decidedAt },
      })),
      ...alone,
    ];
  }

  /** What was decided about every notification of an alert, oldest first. */
  async decisionsOfAlert(
    alertId: string,
  ): Promise<(DecisionRecord & { notificationId: string; kind: NotificationKind })[]> {
    return this.database.query(
      `select n.id as "notificationId", n.kind, d.channel, d.contact_point_id as "contactPointId", d.decision, d.reason,
         d.decided_at as "decidedAt"
       from notifications n join decisions d on d.notification_id = n.id
       where n.alert_id = $1 order by n.seq, d.id`,
      [alertId],
    );
  }
}

const COLUMNS: Readonly<Record<keyof DeliveryFilter, string>> = {
  customerId: 'd.customer_id',
  state: 'd.state',
  alertId: 'n.alert_id',
  channel: 'd.channel',
  reason: 'd.reason',
  topic: 'n.topic',
};

const DELIVERIES = `select d.seq, d.id as "deliveryId", d.notification_id as "notificationId",
    d.customer_id as "customerId", d.contact_point_id as "contactPointId", n.kind, n.topic, n.alert_id as "alertId",
    n.service_alert_id as "serviceAlertId", d.channel, d.lane, d.state, d.attempt_no as "attemptNo", d.reason,
    d.duplicate_possible as "duplicatePossible", d.provider, d.not_before as "notBefore",
    d.expires_at as "expiresAt", d.created_at as "createdAt", d.finished_at as "finishedAt"
  from deliveries d join notifications n on n.id = d.notification_id`;

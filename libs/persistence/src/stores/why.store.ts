import type { Database } from '../database';
import { BroadcastHistoryStore } from './broadcast-history.store';
import type { ExplainedDecision, ExplainedNotification } from './explained-decision';

/** What a notification's decisions are told from. */
export class WhyStore {
  private readonly broadcasts: BroadcastHistoryStore;

  constructor(private readonly database: Database) {
    this.broadcasts = new BroadcastHistoryStore(database);
  }

  async find(customerId: string, notificationId: string): Promise<ExplainedNotification | null> {
    const [row] = await this.database.query<ExplainedNotification>(
      `select id as "notificationId", kind, topic, caused_at as "causedAt", planned_at as "plannedAt", alert_id as "alertId"
       from notifications where id = $1 and customer_id = $2`,
      [notificationId, customerId],
    );
    return row ?? this.broadcasts.notification(customerId, notificationId);
  }

  /** In the order in which they were made: of two about the same way the later one counts. */
  async decisionsOf(customerId: string, notificationId: string): Promise<ExplainedDecision[]> {
    const together = await this.broadcasts.decisionsOf(customerId, notificationId);
    const alone = await this.database.query<ExplainedDecision>(
      `select d.channel, d.contact_point_id as "contactPointId", p.address, d.decision, d.reason,
         d.decided_at as "decidedAt", d.not_before as "notBefore", d.detail,
         (select json_build_object('deliveryId', v.id, 'state', v.state, 'reason', v.reason, 'finishedAt', v.finished_at,
            'receipt', v.receipt)
          from deliveries v where v.notification_id = d.notification_id and v.channel = d.channel
            and v.contact_point_id is not distinct from d.contact_point_id
            and d.decision in ('sent', 'deferred', 'reworded', 'withdrawn') limit 1) as delivery
       from decisions d left join contact_points p on p.id = d.contact_point_id
       where d.notification_id = $1 order by d.id`,
      [notificationId],
    );
    return [...together, ...alone];
  }
}

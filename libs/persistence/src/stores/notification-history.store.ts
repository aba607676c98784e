import type { Channel, DeliveryState, NotificationKind } from '@app/contracts';
import type { Database } from '../database';
import { TOGETHER, TOLD } from './broadcast-history.sql';

/** One notification of a customer's, and what has become of it on each way that it took. */
export interface NotificationRecord {
  notificationId: string;
  kind: NotificationKind;
  topic: string;
  alertId: string | null;
  serviceAlertId: string | null;
  causedAt: Date;
  /** In the order in which they were made; empty while nothing is decided, and where nothing goes by itself. */
  deliveries: NotifiedDelivery[];
  /** Where the list goes on after it. */
  place: NotificationPlace;
}

export interface NotifiedDelivery {
  deliveryId: string;
  channel: Channel;
  contactPointId: string | null;
  state: DeliveryState;
  reason: string;
  finishedAt: Date | null;
}

/**
 * How far two lists have been read that are shown as one: a customer's notifications, and the service alerts that were told
 * to them together with others, which have no row among them.
 */
export interface NotificationPlace {
  seq: number;
  alertSeq: number;
}

const NEWEST: NotificationPlace = { seq: Number.MAX_SAFE_INTEGER, alertSeq: 2 ** 31 - 1 };

/** A customer's notifications as they read them. What they say stays with the messages. */
export class NotificationHistoryStore {
  constructor(private readonly database: Database) {}

  /** Newest first, from the given place on; null: from the newest. */
  async list(
    customerId: string,
    after: NotificationPlace | null,
    limit: number,
  ): Promise<NotificationRecord[]> {
    const from = after ?? NEWEST;
    const [alone, together] = await Promise.all([
      this.database.query<OwnRow>(OWN, [customerId, from.seq, limit]),
      this.database.query<TogetherRow>(TOGETHER, [customerId, from.alertSeq, limit]),
    ]);
    const page = inOrder(alone, together, from).slice(0, limit);
    const deliveries = await this.deliveriesOf(customerId, page);
    return page.map((one) => ({ ...one, deliveries: deliveries.get(one.notificationId) ?? [] }));
  }

  private async deliveriesOf(
    customerId: string,
    page: readonly Listed[],
  ): Promise<Map<string, NotifiedDelivery[]>> {
    const rows = await this.database.query<DeliveryRow>(DELIVERIES, [
      customerId,
      page.map((one) => one.notificationId),
      page.flatMap(({ serviceAlertId }) => serviceAlertId ?? []),
    ]);
    const grouped = new Map<string, NotifiedDelivery[]>();
    for (const { notificationId, ...delivery } of rows)
      grouped.set(notificationId, [...(grouped.get(notificationId) ?? []), delivery]);
    return grouped;
  }
}

type DeliveryRow = NotifiedDelivery & { notificationId: string };
type Listed = Omit<NotificationRecord, 'deliveries'>;
type OwnRow = Omit<Listed, 'place'> & { seq: number };
type TogetherRow = Omit<Listed, 'place'> & { alertSeq: number };

/** Each list keeps its own order, and of both the newer one comes first: nothing is left out and nothing comes twice. */
function inOrder(
  alone: readonly OwnRow[],
  together: readonly TogetherRow[],
  from: NotificationPlace,
): Listed[] {
  const listed: Listed[] = [];
  let place = from;
  for (let [read, shared] = [0, 0]; ;) {
    const one = alone[read];
    const other = together[shared];
    if (one && (!other || one.causedAt >= other.causedAt)) {
      const { seq, ...notification } = one;
      place = { ...place, seq };
      listed.push({ ...notification, place });
      read += 1;
    } else if (other) {
      const { alertSeq, ...notification } = other;
      place = { ...place, alertSeq };
      listed.push({ ...notification, place });
      shared += 1;
    } else return listed;
  }
}

const OWN = `select seq, id as "notificationId", kind, topic, alert_id as "alertId", service_alert_id as "serviceAlertId",
    caused_at as "causedAt"
  from notifications where customer_id = $1 and seq < $2 order by seq desc limit $3`;

const DELIVERIES = `select "notificationId", "deliveryId", channel, "contactPointId", state, reason, "finishedAt"
  from (
    select d.notification_id as "notificationId", d.id as "deliveryId", d.channel, d.contact_point_id as "contactPointId",
      d.state, d.reason, d.finished_at as "finishedAt", d.seq
    from deliveries d where d.notification_id = any($2::uuid[])
    union all
    select "notificationId", "deliveryId", channel, "contactPointId", state, reason, "finishedAt", seq
    from (${TOLD} where r.customer_id = $1 and s.id = any($3::uuid[])) told) made
  order by seq`;

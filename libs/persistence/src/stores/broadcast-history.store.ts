import type { Channel } from '@app/contracts';
import type { Database } from '../database';
import { LAST_CALL, LEDGER_OF, NOTIFICATION, TOLD } from './broadcast-history.sql';
import { ledgerPlaceOf } from './broadcast-ids';
import type { AttemptRecord, DeliveryFilter, DeliveryRecord } from './delivery-record';
import type { ExplainedDecision, ExplainedNotification } from './explained-decision';

/** What the ledger of service alerts says of one customer, in the words of deliveries and decisions. */
export class BroadcastHistoryStore {
  constructor(private readonly database: Database) {}

  /** Newest first, below the given place; nothing where no customer is named, or an alert is. */
  async list(filter: DeliveryFilter, before: number, limit: number): Promise<DeliveryRecord[]> {
    const { customerId, alertId, state = null, channel = null, reason = null, topic = null } = filter;
    if (customerId === null || alertId) return [];
    return this.database.query<DeliveryRecord>(
      `select * from (${TOLD} where r.customer_id = $1 and b.seq < $2) told
       where ($3::text is null or state = $3) and ($4::text is null or channel = $4)
         and ($5::text is null or reason = $5) and ($6::text is null or topic = $6)
       order by seq desc limit $7`,
      [customerId, before, state, channel, reason, topic, limit],
    );
  }

  /** @param customerId null finds anybody's */
  async find(customerId: string | null, deliveryId: string): Promise<DeliveryRecord | null> {
    const place = ledgerPlaceOf(deliveryId);
    if (!place) return null;
    const [row] = await this.database.query<DeliveryRecord>(
      `${TOLD} where r.alert_seq = $1 and r.seq = $2 and ($3::text is null or r.customer_id = $3)`,
      [place.alertSeq, place.seq, customerId],
    );
    return row ?? null;
  }

  /** At most one. @returns null for an id that is not of the ledger */
  async attemptsOf(deliveryId: string): Promise<AttemptRecord[] | null> {
    const place = ledgerPlaceOf(deliveryId);
    return place && this.database.query<AttemptRecord>(LAST_CALL, [place.alertSeq, place.seq]);
  }

  async notification(customerId: string, notificationId: string): Promise<ExplainedNotification | null> {
    const [row] = await this.database.query<ExplainedNotification>(NOTIFICATION, [
      customerId,
      notificationId,
    ]);
    return row ?? null;
  }

  /** Decisions about the ways of one customer for one service alert: those taken, then those passed over. */
  async decisionsOf(customerId: string, notificationId: string): Promise<ExplainedDecision[]> {
    const rows = await this.database.query<LedgerEntry>(LEDGER_OF, [customerId, notificationId]);
    return [...rows.flatMap(taken), ...rows.flatMap(passedOver)];
  }
}

type LedgerEntry = ExplainedDecision & { ownState: string | null; passedOver: string | null };

function taken({ ownState, passedOver: _passedOver, ...entry }: LedgerEntry): ExplainedDecision[] {
  const kept = { ...entry, notBefore: null, detail: null };
  if (ownState === 'cancelled') return [{ ...kept, decision: 'cancelled' }];
  // Told alone, it has a notification whose decisions speak for themselves; not told, the ways passed over do.
  return entry.channel === null ? [] : [{ ...kept, decision: 'sent', reason: sentReason(entry) }];
}

/** A row with a state of its own keeps that state's reason; why the way was open is known no more. */
function sentReason({ reason, delivery }: Pick<ExplainedDecision, 'reason' | 'delivery'>): string {
  return delivery?.reason === reason ? 'byDefault' : reason;
}

function passedOver({ passedOver: ways, decidedAt }: LedgerEntry): ExplainedDecision[] {
  return (ways ?? '').split(',').flatMap((way) => {
    const [channel, words] = way.split('=');
    if (!channel || !words) return [];
    const [reason = '', suppression] = words.split(':');
    const nowhere = { contactPointId: null, address: null, notBefore: null, delivery: null };
    const detail = suppression ? { ruleIds: [], suppression } : null;
    return { ...nowhere, channel: channel as Channel, decision: 'suppressed', reason, decidedAt, detail };
  });
}

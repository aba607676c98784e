import type { Channel, DeliveryState } from '@app/contracts';
import type { Database, Queryable } from '../database';
import {
  CANCEL_BATCHES,
  CANCEL_DELIVERIES,
  CANCEL_PAGES,
  CANCEL_UNPLANNED,
  HOLD,
  PROGRESS,
  RELEASE,
  RESEND,
} from './broadcast-control.sql';

export interface ServiceAlertProgress {
  /** Customers it was confirmed for. */
  people: number;
  /** Of its own for each who is not told together with others, and one for the public post. */
  notifications: number;
  /** People and notifications that are not yet planned. */
  waiting: number;
  /** People who were never planned because it was cancelled. */
  cancelledUnplanned: number;
  /** People to whom nothing goes, each with a reason. */
  notTold: number;
  /** People who were erased after it was confirmed. */
  gone: number;
  byChannel: Partial<Record<Channel, Partial<Record<DeliveryState, number>>>>;
}

export interface Cancelled {
  /** Messages that will not go out, and people and notifications that were not yet planned. */
  cancelled: number;
  alreadyAccepted: number;
  /** Being handed over at this moment; they cannot be called back, and will not be tried again. */
  inFlight: number;
}

export type CancelOutcome =
  { kind: 'cancelled'; counts: Cancelled } | { kind: 'cancelledAlready' } | { kind: 'completed' };

/** Stops, goes on and counts: counters are kept for each batch, and no row of a person is counted. */
export class BroadcastControlStore {
  constructor(private readonly database: Database) {}

  /**
   * From the moment this returns nothing of it begins to be sent; what is being handed over ends.
   * Whoever claims shares the service alert's row, so that no claim is under way when its status changes.
   * @returns null unless it is being sent
   */
  async pause(serviceAlertId: string): Promise<ServiceAlertProgress | null> {
    return this.database.transaction(async (transaction) => {
      const paused = await transaction.query(
        `update service_alerts set status = 'paused', paused_at = now() where id = $1 and status = 'sending' returning 1`,
        [serviceAlertId],
      );
      if (paused.length === 0) return null;
      for (const statement of HOLD) await transaction.query(statement, [serviceAlertId]);
      return (await progressOf(transaction, [serviceAlertId])).get(serviceAlertId) ?? null;
    });
  }

  /** @returns false unless it is paused */
  async resume(serviceAlertId: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const resumed = await transaction.query(
        `update service_alerts set status = 'sending', paused_at = null where id = $1 and status = 'paused' returning 1`,
        [serviceAlertId],
      );
      if (resumed.length === 0) return false;
      for (const statement of RELEASE) await transaction.query(statement, [serviceAlertId]);
      await wakeAll(transaction);
      return true;
    });
  }

  /**
   * Stops what has not gone out. Notifications first: once they all count as planned no delivery can join. The row is locked
   * against claims, not against rows that refer to it: pages that are being saved would let each other pass, and cancelling a
   * million took a second. Whoever stops the pages waits for those anyway.
   * What is being sent keeps its lease but loses its time, so that it is not tried again.
   * Where all of it has ended there is nothing to stop, and nothing changes.
   */
  async cancel(serviceAlertId: string): Promise<CancelOutcome> {
    return this.database.transaction(async (transaction) => {
      const [kept] = await transaction.query<{ status: string; seq: number }>(
        'select status, seq from service_alerts where id = $1 for no key update',
        [serviceAlertId],
      );
      if (!kept || kept.status === 'cancelled') return { kind: 'cancelledAlready' };
      const counts = await stopAll(transaction, serviceAlertId, kept.seq);
      const wasSent = kept.status !== 'draft';
      if (wasSent && counts.cancelled + counts.inFlight === 0) return { kind: 'completed' };
      await transaction.query(
        `update service_alerts set status = 'cancelled', cancelled_at = now(), paused_at = null where id = $1`,
        [serviceAlertId],
      );
      await transaction.query(`select pg_notify('broadcasts', '')`);
      return { kind: 'cancelled', counts };
    });
  }

  /**
   * Sends again what went out in batches and ended so; people may get it twice where it was `ambiguous`.
   * @returns how many people; null unless it is being sent
   */
  async resend(serviceAlertId: string, states: readonly ('ambiguous' | 'failed')[]): Promise<number> {
    const [row] = await this.database.query<{ people: number }>(RESEND, [serviceAlertId, states]);
    await this.database.query(`select pg_notify('broadcasts', '')`);
    return row?.people ?? 0;
  }

  /** By service alert; those that were never confirmed are left out. */
  progressOf(serviceAlertIds: readonly string[]): Promise<Map<string, ServiceAlertProgress>> {
    return progressOf(this.database, serviceAlertIds);
  }
}

async function stopAll(transaction: Queryable, serviceAlertId: string, alertSeq: number): Promise<Cancelled> {
  const [unplanned] = await transaction.query<{ count: number }>(CANCEL_UNPLANNED, [serviceAlertId]);
  const [pages] = await transaction.query<{ count: number }>(CANCEL_PAGES, [alertSeq]);
  type Counted = { state: string; count: number };
  const rows = [
    ...(await transaction.query<Counted>(CANCEL_DELIVERIES, [serviceAlertId])),
    ...(await transaction.query<Counted>(CANCEL_BATCHES, [alertSeq])),
  ];
  const count = (state: string): number =>
    rows.reduce((sum, row) => sum + (row.state === state ? row.count : 0), 0);
  return {
    cancelled: (unplanned?.count ?? 0) + (pages?.count ?? 0) + count('cancelled'),
    alreadyAccepted: count('accepted'),
    inFlight: count('sending'),
  };
}

async function progressOf(
  database: Queryable,
  serviceAlertIds: readonly string[],
): Promise<Map<string, ServiceAlertProgress>> {
  const rows = await database.query<{ id: string } & ServiceAlertProgress>(PROGRESS, [serviceAlertIds]);
  return new Map(rows.map(({ id, ...progress }) => [id, progress]));
}

async function wakeAll(transaction: Queryable): Promise<void> {
  await transaction.query(`select pg_notify('broadcasts', '')`);
  await transaction.query(`select pg_notify('notifications', '')`);
  await transaction.query(`select pg_notify('deliveries', 'bulk')`);
}

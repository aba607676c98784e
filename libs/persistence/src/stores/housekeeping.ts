import type { Database } from '../database';
import { EventLogStore } from './event-log.store';

/** Rows that one statement removes at most: some ten milliseconds of work, and no long lock. */
const STEP = 10_000;
const EVENTS_KEPT_MS = 7 * 24 * 3_600_000;

/** Removes what has served its time, by many short statements instead of a long one. */
export class Housekeeping {
  private readonly log: EventLogStore;

  /** @param step the most rows that one statement removes */
  constructor(
    private readonly database: Database,
    private readonly step = STEP,
  ) {
    this.log = new EventLogStore(database);
  }

  /** @returns how many rows of each kind went */
  async run(): Promise<Record<string, number>> {
    return {
      events: await this.removeReadEvents(),
      idempotencyRecords: await this.remove(
        'idempotency_records',
        `created_at < now() - interval '48 hours'`,
      ),
      // Applied or not, a receipt has said what it had to say; texts are kept as long as a complaint may follow them.
      receipts: await this.remove('receipts', `received_at < now() - interval '90 days'`),
      inboundMessages: await this.remove('inbound_messages', `received_at < now() - interval '90 days'`),
      codes: await this.remove('verification_codes', `expires_at < now() - interval '1 day'`),
      capUses: await this.remove('cap_usage', `starts_at < now() - interval '2 days'`),
    };
  }

  /** Events in the Postgres log that are a week old and behind their partition's checkpoint. */
  private async removeReadEvents(): Promise<number> {
    const checkpoints = await this.database.query<{ partition: number; offset: number }>(
      `select partition, checkpoint_offset as "offset" from partition_offsets where log = 'postgres'`,
    );
    const olderThan = new Date(Date.now() - EVENTS_KEPT_MS);
    let removed = 0;
    for (const { partition, offset } of checkpoints) {
      const below = new Map([[partition, offset]]);
      removed += await untilNone(() => this.log.trim(below, olderThan, this.step));
    }
    return removed;
  }

  /** A row that is claimed anew between being found and being removed has moved, and stays. */
  private remove(table: string, isOld: string): Promise<number> {
    return untilNone(async () => {
      const [row] = await this.database.query<{ count: number }>(
        `with gone as (
           delete from ${table} where ctid = any(array(select ctid from ${table} where ${isOld} limit $1)) returning 1)
         select count(*) as count from gone`,
        [this.step],
      );
      return row?.count ?? 0;
    });
  }
}

async function untilNone(removeSome: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await removeSome();
    if (some === 0) return removed;
    removed += some;
  }
}

import type { Database } from '../database';

/** Removes what has served its time, in steps small enough not to be noticed. */
export class Housekeeping {
  constructor(private readonly database: Database) {}

  /** @returns how many rows of each kind went */
  async run(): Promise<Record<string, number>> {
    return {
      events: await this.removeReadEvents(),
      idempotencyRecords: await this.remove(
        `delete from idempotency_records where created_at < now() - interval '48 hours'`,
      ),
      codes: await this.remove(`delete from verification_codes where expires_at < now() - interval '1 day'`),
    };
  }

  /** Events in the Postgres log that are a week old and behind every checkpoint. */
  private removeReadEvents(): Promise<number> {
    return this.remove(
      `delete from event_log_records r using partition_offsets p
       where p.log = 'postgres' and p.partition = r.partition and r."offset" < p.checkpoint_offset
         and r.appended_at < now() - interval '7 days'`,
    );
  }

  private async remove(statement: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `with gone as (${statement} returning 1) select count(*) as count from gone`,
    );
    return row?.count ?? 0;
  }
}

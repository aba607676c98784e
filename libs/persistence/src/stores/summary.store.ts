import type { Channel } from '@app/contracts';
import type { Database } from '../database';

/** The installation in a few numbers. */
export interface Summary {
  /** Events read from the log and committed. */
  events: number;
  alertsOpened: number;
  alertsRecovered: number;
  acceptedByChannel: Partial<Record<Channel, number>>;
  deadLetters: number;
}

export class SummaryStore {
  constructor(private readonly database: Database) {}

  async read(): Promise<Summary> {
    const [row] = await this.database.query<Summary>(SUMMARY);
    return row as Summary;
  }
}

const SUMMARY = `select
    (select coalesce(sum(next_offset), 0)::bigint from partition_offsets) as events,
    (select count(*) from alerts) as "alertsOpened",
    (select count(*) from alerts where resolved_at is not null) as "alertsRecovered",
    (select coalesce(jsonb_object_agg(channel, accepted), '{}')
     from (select channel, count(*) as accepted from deliveries where state = 'accepted' group by channel) c)
      as "acceptedByChannel",
    (select count(*) from dead_letters) as "deadLetters"`;

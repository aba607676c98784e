import type { RefusalReason } from '@app/contracts';
import type { Database } from '../database';

/** An event that was set aside, where a person can find it. */
export interface DeadLetter {
  log: string;
  partition: number;
  offset: number;
  key: string | null;
  /** The event as it came, cut to what fits. */
  payload: string;
  reason: RefusalReason;
  detail: string;
}

export class DeadLetterStore {
  constructor(private readonly database: Database) {}

  /** Offsets set aside from here on: a replay of values must pass over them again. */
  async offsetsFrom(log: string, partition: number, offset: number): Promise<Set<number>> {
    const rows = await this.database.query<{ offset: number }>(
      `select "offset" from dead_letters where log = $1 and partition = $2 and "offset" >= $3`,
      [log, partition, offset],
    );
    return new Set(rows.map((row) => row.offset));
  }
}

import type { Database, Queryable } from '../database';

/** What a worker must know to go on where its predecessor stopped. */
export interface PartitionPosition {
  epoch: number;
  /** First offset whose effects are not yet committed. */
  nextOffset: number;
  /** First offset that the stored last values do not yet reflect; never after `nextOffset`. */
  checkpointOffset: number;
}

export interface PartitionMove {
  log: string;
  partition: number;
  epoch: number;
  from: number;
  to: number;
  /** Moves with `to` when the last values are written in the same transaction. */
  checkpoint: boolean;
}

/** Who reads which partition from where. The compare-and-swap on (epoch, next offset) is the only fence. */
export class PartitionStore {
  constructor(private readonly database: Database) {}

  /** Takes the partition: every earlier owner's commits fail from now on. Waits for one in flight. */
  async take(log: string, partition: number, owner: string): Promise<PartitionPosition> {
    const [row] = await this.database.query<PartitionPosition>(
      `insert into partition_offsets as p (log, partition, epoch, owner, taken_at) values ($1, $2, 1, $3, now())
       on conflict (log, partition) do update set epoch = p.epoch + 1, owner = excluded.owner, taken_at = now()
       returning epoch, next_offset as "nextOffset", checkpoint_offset as "checkpointOffset"`,
      [log, partition, owner],
    );
    return row as PartitionPosition;
  }

  async position(log: string, partition: number): Promise<PartitionPosition | undefined> {
    const [row] = await this.database.query<PartitionPosition>(
      `select epoch, next_offset as "nextOffset", checkpoint_offset as "checkpointOffset"
       from partition_offsets where log = $1 and partition = $2`,
      [log, partition],
    );
    return row;
  }

  /** @returns false if another owner has moved or taken the partition: nothing may be written then */
  async move(transaction: Queryable, move: PartitionMove): Promise<boolean> {
    const rows = await transaction.query(
      `update partition_offsets
       set next_offset = $5, checkpoint_offset = case when $6 then $5 else checkpoint_offset end
       where log = $1 and partition = $2 and epoch = $3 and next_offset = $4 returning 1`,
      [move.log, move.partition, move.epoch, move.from, move.to, move.checkpoint],
    );
    return rows.length === 1;
  }

  /** The lowest offset per partition that may still be read again. */
  async checkpoints(log: string): Promise<{ partition: number; checkpointOffset: number }[]> {
    return this.database.query(
      `select partition, checkpoint_offset as "checkpointOffset" from partition_offsets where log = $1`,
      [log],
    );
  }
}

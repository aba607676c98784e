import type { Database } from '../database';

/** What a worker must know to go on where its predecessor stopped. */
export interface PartitionPosition {
  epoch: number;
  /** First offset whose effects are not yet committed. */
  nextOffset: number;
  /** First offset that the stored last values do not yet reflect; never after `nextOffset`. */
  checkpointOffset: number;
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
}

import type { Database } from '../database';

/** What a worker must know to go on where its predecessor stopped. */
export interface PartitionPosition {
  epoch: number;
  /** First offset whose effects are not yet committed. */
  nextOffset: number;
  /** First offset that the stored last values do not yet reflect; never after `nextOffset`. */
  checkpointOffset: number;
  /** How often the partition was committed; tells a lost answer from a lost commit. */
  commits: number;
  /** The partition's clock as committed, epoch ms; null before it ever ran. */
  clock: number | null;
  /** Since when it is listened to after an outage, epoch ms; null if there was none. */
  resumedAt: number | null;
}

/** Who reads which partition from where. The compare-and-swap on (epoch, next offset, commits) is the only fence. */
export class PartitionStore {
  constructor(private readonly database: Database) {}

  /** Takes the partition: every earlier owner's commits fail from now on. Waits for one in flight. */
  async take(log: string, partition: number, owner: string): Promise<PartitionPosition> {
    const [row] = await this.database.query<PartitionPosition>(
      `insert into partition_offsets as p (log, partition, epoch, owner, taken_at) values ($1, $2, 1, $3, now())
       on conflict (log, partition) do update set epoch = p.epoch + 1, owner = excluded.owner, taken_at = now()
       returning ${POSITION}`,
      [log, partition, owner],
    );
    return row as PartitionPosition;
  }

  async position(log: string, partition: number): Promise<PartitionPosition | undefined> {
    const [row] = await this.database.query<PartitionPosition>(
      `select ${POSITION} from partition_offsets p where log = $1 and partition = $2`,
      [log, partition],
    );
    return row;
  }
}

const POSITION = `p.epoch, p.next_offset as "nextOffset", p.checkpoint_offset as "checkpointOffset", p.commits,
  extract(epoch from p.clock)::float8 * 1000 as clock, extract(epoch from p.resumed_at)::float8 * 1000 as "resumedAt"`;

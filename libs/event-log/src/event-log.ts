/** One record as it lies in the log. */
export interface LogRecord {
  offset: number;
  key: string | null;
  value: Buffer;
  /** Epoch ms at which the log took it. */
  appendedAt: number;
  /** Larger bytes in which the value lies, where they are at hand: to cut it out costs a third of reading it. */
  bytes?: Buffer;
  /** Where in `bytes` the value begins. */
  from?: number;
  /** Where in `bytes` it has ended. */
  to?: number;
}

export interface LogBatch {
  partition: number;
  /** Ascending by offset, never empty; offsets may have gaps. */
  records: LogRecord[];
  /** Offset that the next appended record will get, as known when the batch was fetched; gives the lag. */
  endOffset: number;
}

/**
 * What a reader of the log must do. Calls for one partition never overlap; calls for different partitions may.
 */
export interface LogConsumer {
  /**
   * The partition is ours from now on. Called once per assignment, before any batch of it.
   * @returns the offset to read from: where our own store says we stopped, whatever the log remembers
   */
  assigned(partition: number): Promise<number>;
  /**
   * Process a batch completely: when this resolves, its effects and the next offset are committed in our store.
   * A rejection means that nothing of it happened: it comes again, after a pause that grows.
   * Rejecting with `PartitionLost` means that somebody else owns the partition now: it is given up (`revoked` is
   * called), and assigned anew some seconds later if the group still counts it as ours.
   * @param signal aborted when the partition is being taken away: finish or reject soon
   */
  batch(batch: LogBatch, signal: AbortSignal): Promise<void>;
  /** The partition is no longer ours. Any batch in flight has ended before this is called. */
  revoked(partition: number): Promise<void>;
}

/** Thrown by a consumer that found another owner in the store; ends the partition's consumption here. */
export class PartitionLost extends Error {
  constructor(readonly partition: number) {
    super(`partition ${partition} has another owner`);
  }
}

export interface Subscription {
  pause(partition: number): void;
  resume(partition: number): void;
  /** Drains the batches in flight, gives the partitions back (`revoked` is called), leaves the group. */
  stop(): Promise<void>;
}

/** The road that events travel: ordered by key, read by partition, kept for a while after being read. */
export interface EventLog {
  readonly kind: 'kafka' | 'postgres';
  /** Connects, and makes sure that the log exists. Idempotent. */
  open(): Promise<void>;
  /** Known after `open`; fixed while the process lives. */
  readonly partitions: number;
  /** Where a key belongs: the Java client's murmur2 rule, the same for both logs. */
  partitionOf(key: string): number;
  /** Resolves when the log has taken all of them durably; order is kept per key. */
  append(records: readonly { key: string; value: string | Buffer }[]): Promise<void>;
  /** Joins the group of readers of this log; one subscription per log object. */
  subscribe(consumer: LogConsumer): Promise<Subscription>;
  /** For each partition the offset that the next appended record will get. @throws where the log does not answer */
  endOffsets(): Promise<ReadonlyMap<number, number>>;
  /** True if the log answers. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

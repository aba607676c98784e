import type { EventLog } from '@app/event-log';

/** Where the log ended, and when that was asked. */
export interface Head {
  /** Epoch ms before the question. */
  askedAt: number;
  offsets: ReadonlyMap<number, number>;
}

/**
 * The mark that ends a producer's transaction is a record of a Kafka topic that no reader is given. An end of the log
 * that nobody reached, and that did not move, for longer than an outage takes to count as one must be such a mark; were
 * it not, silence would count anew from here all the same.
 */
const MARK_MS = 61_000;

/** Asks the log where it ends, for all partitions at once, however many of them want to know. */
export class HeadOfLog {
  private asking: Promise<Head> | undefined;
  private readonly beyond = new Map<number, { end: number; readTo: number; since: number }>();

  constructor(
    private readonly log: Pick<EventLog, 'endOffsets'>,
    private readonly now: () => number,
  ) {}

  /** @throws where the log does not answer; then nobody knows what else is in it */
  ask(): Promise<Head> {
    this.asking ??= this.read().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** @returns true if whoever has read up to `readTo` has read everything that was in the partition when it was asked */
  isRead({ askedAt, offsets }: Head, partition: number, readTo: number): boolean {
    const end = offsets.get(partition);
    if (end === undefined) return false;
    if (end <= readTo) {
      this.beyond.delete(partition);
      return true;
    }
    const known = this.beyond.get(partition);
    if (known?.end === end && known.readTo === readTo) return askedAt - known.since >= MARK_MS;
    this.beyond.set(partition, { end, readTo, since: askedAt });
    return false;
  }

  private async read(): Promise<Head> {
    const askedAt = this.now();
    return { askedAt, offsets: await this.log.endOffsets() };
  }
}

import type { EventLog } from '@app/event-log';

/** Where the log ended, and when that was asked. */
export interface Head {
  /** Epoch ms before the question. */
  askedAt: number;
  offsets: ReadonlyMap<number, number>;
}

/** Asks the log where it ends, for all partitions at once, however many of them want to know. */
export class HeadOfLog {
  private asking: Promise<Head> | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'endOffsets'>,
    private readonly now: () => number,
  ) {}

  /** @throws where the log does not answer; then nobody knows what else is in it */
  ask(): Promise<Head> {
    this.asking ??= this.read().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async read(): Promise<Head> {
    const askedAt = this.now();
    return { askedAt, offsets: await this.log.endOffsets() };
  }
}

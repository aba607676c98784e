import { backOffMs } from './back-off';
import { PartitionLost, type LogBatch, type LogConsumer, type LogRecord } from './event-log';
import type { Report } from './report';

type State =
  | 'opening' // asking the consumer where to start
  | 'open'
  | 'resting' // after a rejected batch, until it comes again
  | 'lost' // the consumer found another owner
  | 'closed';

/**
 * One partition while it is ours: asks the consumer where to start, hands it one batch at a time, and knows what to do
 * when that fails. Both logs read through it, so that a consumer cannot tell them apart.
 */
export class PartitionFeed {
  private state: State = 'opening';
  private paused = false;
  private next = 0;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private assigned = false;
  private compared = false;
  private batchInFlight: AbortController | undefined;
  private work: Promise<unknown> = Promise.resolve();

  /** @param changed called when `open` or `isLost` may answer differently than before */
  constructor(
    readonly partition: number,
    private readonly consumer: LogConsumer,
    private readonly report: Report,
    private readonly changed: (feed: PartitionFeed) => void,
  ) {}

  /** The offset of the next record the consumer wants; meaningful while `open`. */
  get offset(): number {
    return this.next;
  }

  /** The consumer wants the records from `offset` on. */
  get open(): boolean {
    return this.state === 'open' && !this.paused;
  }

  /** `deliver` may be called: open, and nothing in flight. */
  get ready(): boolean {
    return this.open && !this.batchInFlight;
  }

  get isLost(): boolean {
    return this.state === 'lost';
  }

  /**
   * Asks the consumer for the offset to start from, again and again until it answers or the feed is closed.
   * @param after what must have ended first: the same partition's earlier feed
   */
  start(after: Promise<unknown> = Promise.resolve()): void {
    this.work = after.then(() => this.assign());
  }

  private async assign(): Promise<void> {
    if (this.state !== 'opening') return;
    try {
      this.next = await this.consumer.assigned(this.partition);
      this.assigned = true;
      this.failures = 0;
      this.enter('open');
    } catch (error) {
      const retryInMs = this.nextPause();
      this.report('a partition could not be opened', { partition: this.partition, retryInMs, error });
      this.timer = setTimeout(() => this.start(), retryInMs);
    }
  }

  /**
   * Hands over what the consumer has not had yet. Only while `ready`. Never rejects.
   * @returns true if the consumer has committed all of it
   */
  async deliver(batch: LogBatch): Promise<boolean> {
    if (!this.compared) this.compareWithLog(batch);
    const records = this.unseen(batch.records);
    if (records.length === 0) return true;
    const controller = new AbortController();
    this.batchInFlight = controller;
    const delivery = this.consume({ ...batch, records }, controller.signal);
    this.work = delivery;
    return delivery;
  }

  /** Once per assignment: does the log still hold what the consumer's store says comes next? */
  private compareWithLog({ partition, records, endOffset }: LogBatch): void {
    this.compared = true;
    const detail = { partition, wanted: this.next, firstHeld: records[0].offset, endOffset };
    if (endOffset < this.next) {
      this.report(
        'the log ends before the stored offset: was it made anew? Nothing is read before that',
        detail,
      );
    } else if (records[0].offset > this.next) {
      this.report('the log does not hold the stored offset any more: what lay between is skipped', detail);
    }
  }

  private async consume(batch: LogBatch, signal: AbortSignal): Promise<boolean> {
    try {
      await this.consumer.batch(batch, signal);
      this.next = batch.records[batch.records.length - 1].offset + 1;
      this.failures = 0;
      return true;
    } catch (error) {
      if (error instanceof PartitionLost) await this.lose();
      else this.rest(batch, error);
      return false;
    } finally {
      this.batchInFlight = undefined;
    }
  }

  /** Offsets ascend, so a batch that begins where we stopped, nearly every one, is passed on as it is. */
  private unseen(records: LogRecord[]): LogRecord[] {
    if (records.length === 0 || records[0].offset >= this.next) return records;
    return records.filter((record) => record.offset >= this.next);
  }

  private async lose(): Promise<void> {
    this.report('a partition has another owner and is given up', { partition: this.partition });
    this.assigned = false;
    await this.tellRevoked();
    this.enter('lost');
  }

  private rest(batch: LogBatch, error: unknown): void {
    const retryInMs = this.nextPause();
    this.report('a batch was rejected and comes again', {
      partition: this.partition,
      firstOffset: batch.records[0].offset,
      records: batch.records.length,
      retryInMs,
      error,
    });
    this.timer = setTimeout(() => this.enter('open'), retryInMs);
    this.enter('resting');
  }

  private nextPause(): number {
    this.failures++;
    return Math.round(backOffMs(this.failures));
  }

  pause(): void {
    this.paused = true;
    this.changed(this);
  }

  resume(): void {
    this.paused = false;
    this.changed(this);
  }

  /** The group wants the partition back: whoever processes a batch should finish or reject soon. */
  hurry(): void {
    this.batchInFlight?.abort();
  }

  /** Takes the partition away: waits for the batch in flight, then tells the consumer, unless it knows already. */
  async close(): Promise<void> {
    this.enter('closed');
    clearTimeout(this.timer);
    this.hurry();
    await this.work.catch(() => undefined);
    if (!this.assigned) return;
    this.assigned = false;
    await this.tellRevoked();
  }

  private async tellRevoked(): Promise<void> {
    try {
      await this.consumer.revoked(this.partition);
    } catch (error) {
      this.report('a consumer failed to let go of a partition', { partition: this.partition, error });
    }
  }

  /** A closed feed stays closed, whatever was still under way. */
  private enter(state: State): void {
    if (this.state === 'closed') return;
    this.state = state;
    this.changed(this);
  }
}

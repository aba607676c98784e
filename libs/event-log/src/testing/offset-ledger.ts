import { EventEmitter } from 'node:events';
import { PartitionLost, type LogBatch, type LogConsumer, type LogRecord } from '../event-log';

const PATIENCE_MS = 20_000;

export type Happening = {
  reader: string;
  partition: number;
  what: 'assigned' | 'batch' | 'committed' | 'revoked';
};

/** Stands for the consumer's own store: an offset per partition that moves by compare-and-swap, and what it caused. */
export class OffsetLedger {
  readonly committed: { partition: number; record: LogRecord }[] = [];
  readonly happenings: Happening[] = [];
  private readonly places = new Map<number, { epoch: number; next: number }>();
  private readonly changes = new EventEmitter().setMaxListeners(100);

  place(partition: number): { epoch: number; next: number } {
    const place = this.places.get(partition) ?? { epoch: 0, next: 0 };
    this.places.set(partition, place);
    return place;
  }

  /** A new owner: every earlier one is fenced from here on. */
  claim(partition: number): { epoch: number; next: number } {
    const place = this.place(partition);
    place.epoch++;
    return { ...place };
  }

  commit(epoch: number, { partition, records }: LogBatch): void {
    const place = this.place(partition);
    if (place.epoch !== epoch || records[0].offset < place.next) throw new PartitionLost(partition);
    place.next = records[records.length - 1].offset + 1;
    for (const record of records) this.committed.push({ partition, record });
  }

  note(happening: Happening): void {
    this.happenings.push(happening);
    this.changes.emit('change');
  }

  /** The values committed, in the order of their commits. */
  values(): string[] {
    return this.committed.map(({ record }) => record.value.toString());
  }

  of(reader: string, what: Happening['what'], partition?: number): Happening[] {
    return this.happenings.filter(
      (it) => it.reader === reader && it.what === what && (partition ?? it.partition) === it.partition,
    );
  }

  /** Resolves when the condition holds, asked anew at each happening; rejects with `what` after 20 s. */
  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const ask = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.changes.off('change', ask);
        resolve();
      };
      const timer = setTimeout(() => {
        this.changes.off('change', ask);
        reject(new Error(`not within ${PATIENCE_MS} ms: ${what}`));
      }, PATIENCE_MS);
      this.changes.on('change', ask);
    });
  }
}

/** A consumer as the port wants it: what it does with a batch may be replaced, when it commits may not. */
export class LedgerReader implements LogConsumer {
  readonly epochs = new Map<number, number>();
  /** Runs before the commit; a rejection stands for a process that failed or died before it. */
  before: (batch: LogBatch, signal: AbortSignal) => Promise<void> = async () => undefined;
  /** Runs before the offset is named. */
  beforeAssigned: (partition: number) => Promise<void> = async () => undefined;
  readonly batches: LogBatch[] = [];

  constructor(
    readonly name: string,
    private readonly ledger: OffsetLedger,
  ) {}

  async assigned(partition: number): Promise<number> {
    await this.beforeAssigned(partition);
    const { epoch, next } = this.ledger.claim(partition);
    this.epochs.set(partition, epoch);
    this.note(partition, 'assigned');
    return next;
  }

  async batch(batch: LogBatch, signal: AbortSignal): Promise<void> {
    this.batches.push(batch);
    this.note(batch.partition, 'batch');
    await this.before(batch, signal);
    this.ledger.commit(this.epochs.get(batch.partition) ?? -1, batch);
    this.note(batch.partition, 'committed');
  }

  async revoked(partition: number): Promise<void> {
    this.epochs.delete(partition);
    this.note(partition, 'revoked');
  }

  get partitions(): number[] {
    return [...this.epochs.keys()].sort((a, b) => a - b);
  }

  private note(partition: number, what: Happening['what']): void {
    this.ledger.note({ reader: this.name, partition, what });
  }
}

/** A door that somebody waits at until it is opened. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

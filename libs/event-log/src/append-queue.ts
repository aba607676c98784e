export interface NewRecord {
  key: string;
  value: string | Buffer;
}

interface Waiting {
  records: readonly NewRecord[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Enough to make a round trip worth it, little enough that the one after does not wait long. */
const RECORDS_AT_ONCE = 10_000;
/** A broker takes a megabyte in one record batch by default. */
export const MAX_RECORD_BYTES = 900_000;

/**
 * Writes appends one after the other, and those that arrive while one is under way together: order is kept, and a
 * hundred callers with one record each cost one round trip, not a hundred.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;

  /** @param write takes all of them durably, or rejects; called again only after that */
  constructor(private readonly write: (records: readonly NewRecord[]) => Promise<void>) {}

  /** @throws RangeError for a record over `MAX_RECORD_BYTES`, which must not fail those it would travel with */
  async append(records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return;
    for (const { key, value } of records) {
      const bytes =
        Buffer.byteLength(key) + (typeof value === 'string' ? Buffer.byteLength(value) : value.length);
      if (bytes > MAX_RECORD_BYTES)
        throw new RangeError(`a record of ${bytes} bytes does not fit into the log`);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const together = this.takeTogether();
      try {
        await this.write(
          together.length === 1 ? together[0].records : together.flatMap(({ records }) => records),
        );
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.writing = undefined;
  }

  private takeTogether(): Waiting[] {
    let count = 0;
    let records = 0;
    do records += this.waiting[count++].records.length;
    while (count < this.waiting.length && records + this.waiting[count].records.length <= RECORDS_AT_ONCE);
    return this.waiting.splice(0, count);
  }
}

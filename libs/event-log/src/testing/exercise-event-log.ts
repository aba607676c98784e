import type { EventLog } from '../event-log';
import { Gate, LedgerReader, OffsetLedger } from './offset-ledger';

/** One log that several processes share; each `open` is a process of its own in the same group. */
export interface Road {
  open(): Promise<EventLog>;
  /** Closes every opened log that is still open, and removes what the road left behind. */
  dispose(): Promise<void>;
}

const PARTITIONS = 4;

/**
 * Declares the tests that every event log must pass, so that a consumer cannot tell one from the other.
 * @param makeRoad a new, empty log with the given number of partitions
 */
export function exerciseEventLog(makeRoad: (partitions: number) => Promise<Road>): void {
  let road: Road;
  let ledger: OffsetLedger;
  let log: EventLog;
  let reader: LedgerReader;

  let gate: Gate;

  jest.setTimeout(40_000);
  beforeEach(async () => {
    gate = new Gate();
    road = await makeRoad(PARTITIONS);
    ledger = new OffsetLedger();
    log = await road.open();
    reader = new LedgerReader('first', ledger);
  });
  afterEach(async () => {
    gate.open();
    await road.dispose();
  });

  const allCommitted = (count: number): Promise<void> =>
    ledger.until(`${count} records committed`, () => ledger.committed.length >= count);
  const ownsAll = (it: LedgerReader): Promise<void> =>
    ledger.until(`${it.name} owns all partitions`, () => it.partitions.length === PARTITIONS);
  const numbered = (key: string, from: number, count: number): { key: string; value: string }[] =>
    Array.from({ length: count }, (_, n) => ({ key, value: `${key} ${from + n}` }));

  function expectEachOnceAndInOrder(expected: Map<string, number>): void {
    const seen = new Map<string, number>();
    for (const { partition, record } of ledger.committed) {
      const n = seen.get(record.key ?? '') ?? 0;
      expect(record.value.toString()).toBe(`${record.key} ${n}`);
      expect(partition).toBe(log.partitionOf(record.key ?? ''));
      seen.set(record.key ?? '', n + 1);
    }
    expect(seen).toEqual(expected);
  }

  describe('what is appended', () => {
    it('arrives with its bytes, its key, the time it was taken, and the end of the log', async () => {
      const value = Buffer.from([0, 255, 128, 13, 10]);
      const before = Date.now();
      await log.append([{ key: 'flight:Zürich ✈', value }]);
      await log.subscribe(reader);
      await allCommitted(1);
      const [{ partition, records, endOffset }] = reader.batches;
      expect(partition).toBe(log.partitionOf('flight:Zürich ✈'));
      expect(endOffset).toBe(1);
      expect(
        records.map(({ offset, key, value, appendedAt }) => ({ offset, key, value, appendedAt })),
      ).toEqual([{ offset: 0, key: 'flight:Zürich ✈', value, appendedAt: expect.any(Number) as number }]);
      expect(Math.abs(records[0].appendedAt - before)).toBeLessThan(5_000);
      expect(records[0].appendedAt).toBe(Math.trunc(records[0].appendedAt)); // deadlines are compared to the millisecond
    });

    it('arrives once and in the order of each key, however many append at once', async () => {
      await log.subscribe(reader);
      const keys = Array.from({ length: 20 }, (_, n) => `account:${n}`);
      const appends: Promise<void>[] = [];
      for (let n = 0; n < 50; n++) appends.push(log.append(keys.flatMap((key) => numbered(key, n, 1))));
      await Promise.all(appends);
      await allCommitted(1_000);
      expectEachOnceAndInOrder(new Map(keys.map((key) => [key, 50])));
    });

    it('arrives in order also when one key has a thousand events of its own', async () => {
      await log.subscribe(reader);
      await Promise.all(numbered('index:SP500', 0, 1_000).map((record) => log.append([record])));
      await allCommitted(1_000);
      expectEachOnceAndInOrder(new Map([['index:SP500', 1_000]]));
    });

    it('may be one record, or ten thousand in one call', async () => {
      await log.subscribe(reader);
      await log.append(numbered('single', 0, 1));
      await allCommitted(1);
      await log.append(numbered('many', 0, 10_000));
      await allCommitted(10_001);
      expectEachOnceAndInOrder(
        new Map([
          ['single', 1],
          ['many', 10_000],
        ]),
      );
    });

    it('may be larger than one request can carry', async () => {
      const value = 'x'.repeat(60_000);
      await log.append(Array.from({ length: 100 }, () => ({ key: 'large', value })));
      await log.subscribe(reader);
      await allCommitted(100);
      expect(ledger.values().every((it) => it === value)).toBe(true);
    });

    it('is refused if no batch can carry it, and holds up nobody else', async () => {
      const refused = log.append([{ key: 'too large', value: 'x'.repeat(1_000_000) }]);
      const taken = log.append(numbered('small', 0, 1));
      await expect(refused).rejects.toThrow(RangeError);
      await taken;
      await log.subscribe(reader);
      await allCommitted(1);
      expectEachOnceAndInOrder(new Map([['small', 1]]));
    });
  });

  describe('a reader', () => {
    it('goes on from the offset that its store names after it was stopped', async () => {
      await log.append(numbered('a', 0, 10));
      const subscription = await log.subscribe(reader);
      await allCommitted(10);
      await subscription.stop();
      await log.append(numbered('a', 10, 5));
      const second = await road.open();
      await second.subscribe(new LedgerReader('second', ledger));
      await allCommitted(15);
      expectEachOnceAndInOrder(new Map([['a', 15]]));
    });

    it('is believed when its store names an earlier offset than the log has handed out', async () => {
      await log.append(numbered('a', 0, 10));
      const subscription = await log.subscribe(reader);
      await allCommitted(10);
      await subscription.stop();
      ledger.place(log.partitionOf('a')).next = 7;
      await (await road.open()).subscribe(new LedgerReader('second', ledger));
      await allCommitted(13);
      expect(ledger.values().slice(10)).toEqual(['a 7', 'a 8', 'a 9']);
    });

    it('gets a batch again if the process ended before the commit', async () => {
      await log.append(numbered('a', 0, 10));
      reader.before = (_batch, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('killed'))));
      const subscription = await log.subscribe(reader);
      await ledger.until('a batch is in flight', () => reader.batches.length > 0);
      await subscription.stop();
      expect(ledger.committed).toEqual([]);
      await (await road.open()).subscribe(new LedgerReader('second', ledger));
      await allCommitted(10);
      expectEachOnceAndInOrder(new Map([['a', 10]]));
    });

    it('gets a batch again that it has rejected, before any later one, and other partitions do not wait', async () => {
      const [bad, good] = [keyIn(log, 0), keyIn(log, 1)];
      let healed = false;
      reader.before = async ({ partition }) => {
        if (partition === 0 && !healed) throw new Error('the store is away');
      };
      await log.subscribe(reader);
      await ownsAll(reader);
      await log.append(numbered(bad, 0, 3));
      await ledger.until('the batch was rejected twice', () => ledger.of('first', 'batch', 0).length >= 2);
      await log.append(numbered(bad, 3, 3));
      await log.append(numbered(good, 0, 3));
      await allCommitted(3);
      expect(ledger.committed.every(({ partition }) => partition === 1)).toBe(true);
      healed = true;
      await allCommitted(9);
      expectEachOnceAndInOrder(
        new Map([
          [good, 3],
          [bad, 6],
        ]),
      );
    });

    it('that is busy with one partition goes on with the others, and then with all that came meanwhile', async () => {
      const [busy, free] = [keyIn(log, 0), keyIn(log, 1)];
      reader.before = ({ partition }) => (partition === 0 ? gate.opened : Promise.resolve());
      await log.subscribe(reader);
      await log.append(numbered(busy, 0, 1));
      await ledger.until('a batch is in flight', () => reader.batches.length > 0);
      for (let n = 0; n < 5; n++) {
        await log.append([...numbered(busy, n + 1, 1), ...numbered(free, n, 1)]);
        await allCommitted(n + 1);
      }
      gate.open();
      await allCommitted(11);
      expectEachOnceAndInOrder(
        new Map([
          [free, 5],
          [busy, 6],
        ]),
      );
    });

    it('is asked again for its offset if it could not answer', async () => {
      let asked = 0;
      reader.beforeAssigned = async (partition) => {
        if (partition === 0 && ++asked < 3) throw new Error('the store is away');
      };
      await log.append(numbered(keyIn(log, 0), 0, 1));
      await log.subscribe(reader);
      await allCommitted(1);
      expect(asked).toBe(3);
    });

    it('gets nothing of a paused partition until it is resumed, and all of it then', async () => {
      const [paused, open] = [keyIn(log, 0), keyIn(log, 1)];
      const subscription = await log.subscribe(reader);
      await ownsAll(reader);
      await log.append([...numbered(paused, 0, 1), ...numbered(open, 0, 1)]);
      await allCommitted(2);
      subscription.pause(0);
      await log.append(numbered(paused, 1, 5));
      await log.append(numbered(open, 1, 5));
      await ledger.until('the open partition is read', () => ledger.place(1).next === 6);
      expect(ledger.place(0).next).toBe(1);
      subscription.resume(0);
      await allCommitted(12);
      expectEachOnceAndInOrder(
        new Map([
          [paused, 6],
          [open, 6],
        ]),
      );
    });

    it('that was fenced is told so, gets nothing more, and starts anew if nobody else has the partition', async () => {
      const key = keyIn(log, 2);
      await log.subscribe(reader);
      await ownsAll(reader);
      await log.append(numbered(key, 0, 1));
      await allCommitted(1);
      ledger.claim(2);
      await log.append(numbered(key, 1, 4));
      await allCommitted(5);
      const told = ledger.happenings.filter(({ partition }) => partition === 2).map(({ what }) => what);
      expect(told.slice(0, 6)).toEqual(['assigned', 'batch', 'committed', 'batch', 'revoked', 'assigned']);
      expectEachOnceAndInOrder(new Map([[key, 5]]));
    });
  });

  describe('stopping', () => {
    it('waits for the batch in flight, lets it commit, and then takes every partition away', async () => {
      const hurried = hold(reader, gate);
      await log.append(numbered('a', 0, 10));
      const subscription = await log.subscribe(reader);
      await ownsAll(reader);
      await ledger.until('a batch is in flight', () => reader.batches.length > 0);
      const stopped = subscription.stop();
      await hurried;
      expect(ledger.of('first', 'revoked', log.partitionOf('a'))).toEqual([]);
      gate.open();
      await stopped;
      expect(ledger.committed).toHaveLength(10);
      expect(ledger.of('first', 'revoked')).toHaveLength(PARTITIONS);
      const last = ledger.happenings.filter(({ partition }) => partition === log.partitionOf('a')).slice(-2);
      expect(last.map(({ what }) => what)).toEqual(['committed', 'revoked']);
    });
  });

  describe('a second reader', () => {
    it('takes over a part, but no partition before its batch in flight has ended', async () => {
      const hurried = hold(reader, gate);
      const inFlight = (partition: number): boolean =>
        ledger.of('first', 'batch', partition).length > ledger.of('first', 'committed', partition).length;
      const takenInFlight: number[] = [];
      const other = new LedgerReader('second', ledger);
      other.beforeAssigned = async (partition) => void (inFlight(partition) && takenInFlight.push(partition));
      const keys = [0, 1, 2, 3].map((partition) => keyIn(log, partition));
      await log.append(keys.flatMap((key) => numbered(key, 0, 5)));
      await log.subscribe(reader);
      await ownsAll(reader);
      const joining = road.open().then((second) => second.subscribe(other));
      await hurried;
      gate.open();
      await joining;
      await ledger.until(
        'each owns a half',
        () => reader.partitions.length === 2 && other.partitions.length === 2,
      );
      await log.append(keys.flatMap((key) => numbered(key, 5, 5)));
      await allCommitted(40);
      expect(takenInFlight).toEqual([]);
      expectEachOnceAndInOrder(new Map(keys.map((key) => [key, 10])));
    });

    it('may come and go under a steady flow: nothing is missing, nothing doubled, all in order', async () => {
      const keys = Array.from({ length: 12 }, (_, n) => `flight:${n}`);
      const other = new LedgerReader('second', ledger);
      await log.subscribe(reader);
      let flowing = true;
      let rounds = 0;
      const flow = (async () => {
        while (flowing) {
          await log.append(keys.flatMap((key) => numbered(key, rounds, 1)));
          rounds++;
          await ledger.until(
            'the flow is read',
            () => ledger.committed.length >= (rounds - 20) * keys.length,
          );
        }
      })();
      const subscription = await (await road.open()).subscribe(other);
      await ledger.until('both read', () =>
        [reader, other].every(
          (it) => it.partitions.length === 2 && ledger.of(it.name, 'committed').length > 0,
        ),
      );
      await subscription.stop();
      await ownsAll(reader);
      flowing = false;
      await flow;
      await allCommitted(rounds * keys.length);
      expectEachOnceAndInOrder(new Map(keys.map((key) => [key, rounds])));
    });
  });

  it('says of each partition where it ends', async () => {
    await log.append([{ key: 'account:ends', value: 'x' }]); // a topic made a moment ago may not answer yet
    const before = await log.endOffsets();
    await log.append([{ key: 'account:ends', value: 'y' }]);
    const after = await log.endOffsets();
    expect([...after.keys()].sort((a, b) => a - b)).toEqual([...Array(log.partitions).keys()]);
    const home = log.partitionOf('account:ends');
    expect(after.get(home)).toBe((before.get(home) ?? Number.NaN) + 1);
  });

  it('says that it is healthy while it answers', async () => {
    await expect(log.healthy()).resolves.toBe(true);
  });
}

/** Holds every batch until the gate opens. @returns a promise of the moment at which one of them is asked to hurry */
function hold(reader: LedgerReader, gate: Gate): Promise<void> {
  return new Promise((resolve) => {
    reader.before = async (_batch, signal) => {
      signal.addEventListener('abort', () => resolve());
      await gate.opened;
    };
  });
}

/** A key that belongs to the partition. */
function keyIn(log: EventLog, partition: number): string {
  for (let n = 0; ; n++) if (log.partitionOf(`subject:${n}`) === partition) return `subject:${n}`;
}

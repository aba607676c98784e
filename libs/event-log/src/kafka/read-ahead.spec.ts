import type { LogBatch } from '../event-log';
import { PartitionFeed } from '../partition-feed';
import { ReadAhead } from './read-ahead';

interface InFlight {
  offsets: number[];
  aborted: () => boolean;
  commit: () => void;
  reject: () => void;
}

/** An open feed whose consumer keeps every batch until it is told how it ends. */
async function openFeed(): Promise<{ ahead: ReadAhead; batches: InFlight[]; committed: number[] }> {
  const batches: InFlight[] = [];
  const committed: number[] = [];
  const consumer = {
    assigned: () => Promise.resolve(0),
    revoked: () => Promise.resolve(),
    batch: ({ records }: LogBatch, signal: AbortSignal) =>
      new Promise<void>((commit, fail) => {
        const offsets = records.map(({ offset }) => offset);
        const reject = (): void => fail(new Error('no'));
        batches.push({ offsets, commit, reject, aborted: () => signal.aborted });
      }),
  };
  const feed = await new Promise<PartitionFeed>((resolve) => {
    const opening = new PartitionFeed(
      0,
      consumer,
      () => undefined,
      (it) => it.open && resolve(it),
    );
    opening.start();
  });
  return { ahead: new ReadAhead(feed, ({ offset }) => committed.push(offset)), batches, committed };
}

function batchOf(from: number, count: number): LogBatch {
  const records = Array.from({ length: count }, (_, n) => ({
    ...{ offset: from + n, key: null, value: Buffer.alloc(0), appendedAt: 0 },
  }));
  return { partition: 0, records, endOffset: from + count };
}

/** Lets everything happen that waits for nothing but its turn. */
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function isDone(work: Promise<void>): Promise<boolean> {
  let done = false;
  void work.then(() => (done = true));
  await turns();
  return done;
}

describe('reading ahead of a busy consumer', () => {
  it('hands over together what came while a batch was under way', async () => {
    const { ahead, batches, committed } = await openFeed();
    for (const from of [0, 1, 2]) expect(await isDone(ahead.take(batchOf(from, 1)))).toBe(true);
    expect(batches.map(({ offsets }) => offsets)).toEqual([[0]]);
    batches[0]?.commit();
    await turns();
    expect(batches.map(({ offsets }) => offsets)).toEqual([[0], [1, 2]]);
    batches[1]?.commit();
    await turns();
    expect(committed).toEqual([1, 3]);
  });

  it('stops where enough waits, until that has been taken', async () => {
    const { ahead, batches } = await openFeed();
    await ahead.take(batchOf(0, 1));
    const large = ahead.take(batchOf(1, 6_000));
    expect(await isDone(large)).toBe(false);
    batches[0]?.commit();
    expect(await isDone(large)).toBe(true);
  });

  it('forgets what followed a batch that was rejected: it comes again, after that', async () => {
    const { ahead, batches, committed } = await openFeed();
    await ahead.take(batchOf(0, 1));
    const large = ahead.take(batchOf(1, 6_000));
    batches[0]?.reject();
    expect(await isDone(large)).toBe(true);
    expect(batches).toHaveLength(1);
    expect(committed).toEqual([]);
    await ahead.feed.close();
  });

  it('ends by forgetting what waits and asking for the rest to end soon', async () => {
    const { ahead, batches } = await openFeed();
    await ahead.take(batchOf(0, 1));
    await ahead.take(batchOf(1, 1));
    const ended = ahead.end();
    expect(await isDone(ended)).toBe(false);
    expect(batches[0]?.aborted()).toBe(true);
    batches[0]?.commit();
    expect(await isDone(ended)).toBe(true);
    expect(batches).toHaveLength(1);
  });
});

import type { Connection } from 'pg';
import { BinaryCopy } from './binary-copy';
import type { BinaryRow } from './binary-row';

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

class FakeStream {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

interface Row {
  name: string | null;
  word: string | null;
  amount: number | null;
}

function decode(row: BinaryRow): Row {
  return { name: row.text(), word: row.word(), amount: row.bigint() };
}

function rowOf(name: string | null, word: string | null, amount: bigint | null): Buffer {
  const eight = Buffer.alloc(8);
  if (amount !== null) eight.writeBigInt64BE(amount);
  const columns = [name && Buffer.from(name), word && Buffer.from(word), amount === null ? null : eight];
  const count = Buffer.from([0, columns.length]);
  return Buffer.concat([count, ...columns.map((column) => columnOf(column || null))]);
}

function columnOf(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
}

function begun(rowsAtOnce: number): { copy: BinaryCopy<Row>; stream: FakeStream } {
  const stream = new FakeStream();
  const copy = new BinaryCopy('select 1', decode, rowsAtOnce);
  copy.submit({ stream, query: () => undefined } as unknown as Connection);
  return { copy, stream };
}

async function readAll(copy: BinaryCopy<Row>): Promise<Row[][]> {
  const pages: Row[][] = [];
  for await (const page of copy) pages.push(page);
  return pages;
}

describe('a copy of many rows', () => {
  it('gives numbers below zero and beyond 32 bits, words with equal ends, letters beyond ASCII, and nulls', async () => {
    const { copy } = begun(10);
    const first = rowOf('Zürich', 'above', -(2n ** 52n) - 1n);
    copy.handleCopyData({ chunk: Buffer.concat([HEADER, first]) });
    copy.handleCopyData({ chunk: rowOf('b', 'avobe', 2n ** 53n - 1n) });
    copy.handleCopyData({ chunk: rowOf(null, null, null) });
    copy.handleCopyData({ chunk: rowOf('c', 'above', -1n) });
    copy.handleCopyData({ chunk: TRAILER });
    copy.handleReadyForQuery();
    expect(await readAll(copy)).toEqual([
      [
        { name: 'Zürich', word: 'above', amount: -(2 ** 52) - 1 },
        { name: 'b', word: 'avobe', amount: 2 ** 53 - 1 },
        { name: null, word: null, amount: null },
        { name: 'c', word: 'above', amount: -1 },
      ],
    ]);
  });

  it('has no page where there is no row', async () => {
    const { copy } = begun(10);
    copy.handleCopyData({ chunk: Buffer.concat([HEADER, TRAILER]) });
    copy.handleReadyForQuery();
    expect(await readAll(copy)).toEqual([]);
  });

  it('lets the server wait while its reader has pages enough, and go on when they are read', async () => {
    const { copy, stream } = begun(1);
    copy.handleCopyData({ chunk: Buffer.concat([HEADER, rowOf('a', 'w', 1n)]) });
    expect(stream.isPaused).toBe(false);
    copy.handleCopyData({ chunk: rowOf('b', 'w', 2n) });
    expect(stream.isPaused).toBe(true);
    const reading = readAll(copy);
    await new Promise(setImmediate);
    expect(stream.isPaused).toBe(false);
    copy.handleCopyData({ chunk: TRAILER });
    copy.handleReadyForQuery();
    expect((await reading).flat().map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('ends with what the server says, after the rows that came before', async () => {
    const { copy } = begun(1);
    copy.handleCopyData({ chunk: Buffer.concat([HEADER, rowOf('a', 'w', 1n)]) });
    copy.handleError(new Error('the server stops'));
    const pages = copy[Symbol.asyncIterator]();
    expect((await pages.next()).value).toHaveLength(1);
    await expect(pages.next()).rejects.toThrow('the server stops');
  });

  it('leaves the connection listening, also where the end came together with the rows that made it pause', async () => {
    const { copy, stream } = begun(1);
    copy.handleCopyData({ chunk: Buffer.concat([HEADER, rowOf('a', null, 1n)]) });
    copy.handleCopyData({ chunk: rowOf('b', null, 2n) });
    expect(stream.isPaused).toBe(true);
    copy.handleCopyData({ chunk: TRAILER });
    copy.handleReadyForQuery();
    expect(await readAll(copy)).toHaveLength(2);
    expect(stream.isPaused).toBe(false);
  });
});

import { HeadOfLog } from './head-of-log';

const MINUTE = 60_000;

describe('the head of the log', () => {
  it('is asked for once by all who want to know at the same time', async () => {
    let questions = 0;
    const endOffsets = (): Promise<Map<number, number>> => Promise.resolve(new Map([[0, (questions += 1)]]));
    const head = new HeadOfLog({ endOffsets }, () => 7);
    const [one, other] = await Promise.all([head.ask(), head.ask()]);
    expect(one).toBe(other);
    expect(one).toMatchObject({ askedAt: 7 });
    expect((await head.ask()).offsets.get(0)).toBe(2);
  });

  it('is reached by who has read up to it, and by nobody else', () => {
    const head = new HeadOfLog({ endOffsets: () => Promise.reject(new Error('away')) }, () => 0);
    const at = { askedAt: 0, offsets: new Map([[3, 10]]) };
    expect(head.isRead(at, 3, 10)).toBe(true);
    expect(head.isRead(at, 3, 9)).toBe(false);
    expect(head.isRead(at, 4, 10)).toBe(false);
  });

  it('counts as reached behind a mark that no reader is given, once nothing has moved for longer than a minute', () => {
    const head = new HeadOfLog({ endOffsets: () => Promise.resolve(new Map()) }, () => 0);
    const look = (askedAt: number, end: number, readTo: number): boolean =>
      head.isRead({ askedAt, offsets: new Map([[0, end]]) }, 0, readTo);
    expect(look(0, 10, 9)).toBe(false);
    expect(look(MINUTE, 10, 9)).toBe(false);
    expect(look(MINUTE + 1_000, 10, 9)).toBe(true);
    expect(look(MINUTE + 2_000, 11, 9)).toBe(false); // a record came
    expect(look(2 * MINUTE, 11, 9)).toBe(false);
    expect(look(2 * MINUTE + 3_000, 11, 9)).toBe(true);
    expect(look(2 * MINUTE + 4_000, 11, 10)).toBe(false); // and it was read
  });
});

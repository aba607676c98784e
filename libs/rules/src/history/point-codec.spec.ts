import fc from 'fast-check';
import { HistoryBuffer } from './history-buffer';
import type { HistoryPoint } from './history-point';
import { decodePoints, encodePoints, grainOf } from './point-codec';
import { thinPoints } from './thin-points';

const point = fc.record({
  value: fc.oneof(fc.integer(), fc.maxSafeInteger()),
  at: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  clock: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

describe('points of the past', () => {
  it('come back exactly as they were, late ones and the largest amounts included', () => {
    fc.assert(
      fc.property(fc.array(point), (points) => {
        expect(decodePoints(encodePoints(points))).toEqual(points);
      }),
    );
  });

  it('may be appended to each other', () => {
    fc.assert(
      fc.property(fc.array(point), fc.array(point), (first, second) => {
        const bytes = new Uint8Array([...encodePoints(first), ...encodePoints(second)]);
        expect(decodePoints(bytes)).toEqual([...first, ...second]);
      }),
    );
  });

  it('an event a minute takes no more than four bytes', () => {
    const points = Array.from({ length: 1_440 }, (_, minute) => ({
      value: 500_000 + ((minute * 37) % 60),
      at: minute * 60_000,
      clock: minute * 60_000 + 20 + (minute % 9),
    }));
    expect(encodePoints(points).length / points.length).toBeLessThan(4);
  });

  it('that are cut off are refused, not guessed', () => {
    const bytes = encodePoints([{ value: 1_000_000, at: 1_700_000_000_000, clock: 1_700_000_000_000 }]);
    expect(() => decodePoints(bytes.slice(0, -1))).toThrow('cut off');
  });

  it('say how much of the detail is left', () => {
    expect(grainOf(encodePoints([{ value: 1, at: 1, clock: 1 }], 2))).toBe(2);
  });
});

describe('the buffer between two checkpoints', () => {
  it('gives each series its own points in the order of the log, once', () => {
    const buffer = new HistoryBuffer();
    for (let i = 0; i < 5_000; i += 1) buffer.add(i % 3, i, 10_000 - i, 20_000 + i);
    expect(buffer.size).toBe(5_000);
    const chunks = buffer.drain();
    expect([...chunks.keys()]).toEqual([0, 1, 2]);
    const second = chunks.get(1);
    expect(second).toMatchObject({ fromAt: 20_001, toAt: 24_999, count: 1_667 });
    expect(decodePoints(second?.points ?? new Uint8Array()).slice(0, 2)).toEqual([
      { value: 1, at: 9_999, clock: 20_001 },
      { value: 4, at: 9_996, clock: 20_004 },
    ]);
    expect(buffer.size).toBe(0);
    expect(buffer.drain().size).toBe(0);
  });
});

describe('thinning', () => {
  const series = fc.array(
    fc.record({ value: fc.integer({ min: -50, max: 50 }), at: fc.integer({ min: 0, max: 3_000_000 }) }),
  );

  it('keeps the first, the last and both extremes of every bucket, in their order, and no more than four', () => {
    fc.assert(
      fc.property(series, (raw) => {
        const points: HistoryPoint[] = raw.map((one, index) => ({ ...one, clock: index }));
        const thin = thinPoints(points, 1);
        for (let bucket = 0; bucket <= 10; bucket += 1) {
          const inside = ({ at }: HistoryPoint): boolean => Math.floor(at / 300_000) === bucket;
          const before = points.filter(inside);
          const after = thin.filter(inside);
          expect(after.length).toBeLessThanOrEqual(4);
          expect([after[0], after.at(-1)]).toEqual([before[0], before.at(-1)]);
          expect(Math.max(...after.map(({ value }) => value))).toBe(
            Math.max(...before.map(({ value }) => value)),
          );
          expect(Math.min(...after.map(({ value }) => value))).toBe(
            Math.min(...before.map(({ value }) => value)),
          );
        }
        expect(thin).toEqual([...thin].sort((a, b) => a.clock - b.clock));
      }),
    );
  });

  it('changes nothing where all detail is to stay', () => {
    const points = [{ value: 1, at: 1, clock: 1 }];
    expect(thinPoints(points, 0)).toEqual(points);
  });
});

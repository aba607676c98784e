import fc from 'fast-check';
import { SeriesNames } from './series-names';

/** Names that share beginnings, ends and metrics, of all kinds of characters. */
const subject = fc.oneof(
  { weight: 3, arbitrary: fc.nat(60).map((n) => `account:${n}`) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '\u0000', 'é', 'e\u0301', '€', '😀', '\ud83d', '\ude00', '\ude00\ud83d'),
  },
  { weight: 1, arbitrary: fc.nat(3).map((n) => 'ü'.repeat(300) + n) },
);
const name = fc.record({ metric: fc.constantFrom('price', 'price2', 'é'), subject });

describe('finding a series by its name', () => {
  it('works as a map of strings would, and gives back every name as it came', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 60, size: 'max' }), (wanted) => {
        const names = new SeriesNames();
        const expected = new Map<string, number>();
        for (const each of wanted) {
          const key = JSON.stringify(each);
          expect(names.find(each.metric, each.subject)).toBe(expected.get(key) ?? -1);
          if (!expected.has(key)) expected.set(key, names.add(each.metric, each.subject));
        }
        for (const [key, series] of expected) {
          const found = { metric: names.metricNameOf(series), subject: names.subjectOf(series) };
          expect(JSON.stringify(found)).toBe(key);
          expect(names.find(found.metric, found.subject)).toBe(series);
        }
        expect(names.size).toBe(expected.size);
      }),
      { numRuns: 100 },
    );
  });

  it('finds by bytes in the middle of a message what was named by a string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (subject) => {
        const names = new SeriesNames();
        names.add('price', 'another');
        const series = names.add('price', subject === 'another' ? '' : subject);
        const message = new TextEncoder().encode(`{"subject":"${names.subjectOf(series)}"}`);
        expect(names.findIn('price', message, 12, message.length - 2)).toBe(series);
        expect(names.findIn('volume', message, 12, message.length - 2)).toBe(-1);
        expect(names.findIn('price', message, 11, message.length - 2)).toBe(-1);
      }),
    );
  });

  // The table compares names, and never trusts a hash: with 100,000 of them, many meet.
  it('keeps a hundred thousand apart, whichever cells they meet in', () => {
    const names = new SeriesNames();
    for (let n = 0; n < 100_000; n += 1) names.add(n % 2 === 0 ? 'price' : 'volume', `s:${n}`);
    for (let n = 0; n < 100_000; n += 1) {
      const [metric, other] = n % 2 === 0 ? ['price', 'volume'] : ['volume', 'price'];
      if (names.find(metric, `s:${n}`) !== n || names.find(other, `s:${n}`) !== -1)
        throw new Error(`lost ${n}`);
    }
    expect(names.find('price', 's:100000')).toBe(-1);
  });

  it('refuses a name longer than any event may be', () => {
    expect(() => new SeriesNames().add('price', 'x'.repeat(65_536))).toThrow(RangeError);
    const names = new SeriesNames();
    for (const letter of ['x', 'y']) names.add('price', letter.repeat(65_535));
    expect([names.find('price', 'x'.repeat(65_535)), names.find('price', 'y'.repeat(65_535))]).toEqual([
      0, 1,
    ]);
    expect(names.subjectOf(1)).toBe('y'.repeat(65_535));
  });
});

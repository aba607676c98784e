import fc from 'fast-check';
import { FLOOR } from './choose-carrier';
import { COOL_DOWNS_MS, lowered, recovered, restingWeights, type ProviderWeight } from './provider-weights';

const NOW = 10_000_000;
const LONG_AGO = NOW - 60 * 60_000;

function aWeight(provider: string, weight: number, more: Partial<ProviderWeight> = {}): ProviderWeight {
  return { provider, weight, pinned: null, changedAt: LONG_AGO, ...more };
}

const by = (coolDownMs: number, ...ailing: string[]) => ({ ailing: new Set(ailing), coolDownMs, now: NOW });
const faults = COOL_DOWNS_MS.faults;

function applied(weights: readonly ProviderWeight[], changes: ReadonlyMap<string, number>, at = NOW) {
  return weights.map((one) => {
    const weight = changes.get(one.provider);
    return weight === undefined ? one : { ...one, weight, changedAt: at };
  });
}

const total = (weights: readonly ProviderWeight[]): number =>
  weights.reduce((sum, one) => sum + one.weight, 0);

describe('the weights of a channel', () => {
  it.each([
    [['a'], [100]],
    [
      ['a', 'b'],
      [50, 50],
    ],
    [
      ['a', 'b', 'c'],
      [34, 33, 33],
    ],
  ])('rest at equal shares of a hundred: %j', (providers, shares) => {
    expect([...restingWeights(providers).values()]).toEqual(shares);
  });

  it.each([
    ['two of them: ten points go from one to the other', [50, 50], { a: 40, b: 60 }],
    ['three: the others share in proportion to what they have', [40, 45, 15], { a: 30, b: 53, c: 17 }],
    ['others that have nothing share equally', [100, 0, 0], { a: 90, b: 5, c: 5 }],
    ['near the floor only what is above it goes', [6, 94], { a: FLOOR, b: 98 }],
  ])('move away from a carrier that ails; %s', (_what, start, end) => {
    const weights = start.map((weight, place) => aWeight('abc'[place] ?? '', weight));
    expect(Object.fromEntries(lowered(weights, 'a', by(faults, 'a')))).toEqual(end);
  });

  it.each([
    ['alone', [aWeight('a', 100)]],
    ['beside others that all ail', [aWeight('a', 50), aWeight('b', 50)]],
    ['at the floor', [aWeight('a', FLOOR), aWeight('c', 98)]],
    ['pinned by a person', [aWeight('a', 50, { pinned: 50 }), aWeight('c', 50)]],
    ['changed a moment ago', [aWeight('a', 50), aWeight('c', 50, { changedAt: NOW - faults + 1 })]],
  ])('stay as they are for a carrier that is %s', (_what, weights) => {
    expect(lowered(weights, 'a', by(faults, 'a', 'b')).size).toBe(0);
  });

  it('come back by ten points at a time, and not before a quarter of an hour', () => {
    const weights = [aWeight('a', 2), aWeight('b', 98)];
    expect(Object.fromEntries(recovered(weights, NOW))).toEqual({ a: 12, b: 88 });
    const soon = weights.map((one) => ({ ...one, changedAt: NOW - COOL_DOWNS_MS.recovery + 1 }));
    expect(recovered(soon, NOW).size).toBe(0);
  });

  it('are all at rest again within two hours, and then stay', () => {
    let weights = [aWeight('a', 2), aWeight('b', 2), aWeight('c', 96)];
    let now = NOW;
    for (let quarter = 0; quarter < 8; quarter += 1) {
      weights = applied(weights, recovered(weights, now), now);
      now += COOL_DOWNS_MS.recovery;
    }
    expect(weights.map((one) => one.weight)).toEqual([34, 33, 33]);
    expect(recovered(weights, now).size).toBe(0);
  });

  it('leave alone what a person has pinned while the others come back', () => {
    const weights = [aWeight('a', 60, { pinned: 0 }), aWeight('b', 30), aWeight('c', 10)];
    expect(Object.fromEntries(recovered(weights, NOW))).toEqual({ b: 20, c: 20 });
  });

  it('always add up to a hundred, never below the floor, never two changes within a cool-down', () => {
    const happenings = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 20 * 60_000 }),
        payer: fc.integer({ min: 0, max: 3 }),
        alsoAiling: fc.subarray([0, 1, 2, 3]),
        kind: fc.constantFrom('faults' as const, 'slow' as const, 'recovery' as const),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), happenings, (count, story) => {
        const names = ['a', 'b', 'c', 'd'].slice(0, count);
        let weights = [...restingWeights(names)].map(([provider, weight]) => aWeight(provider, weight));
        let now = NOW;
        let changedAt = LONG_AGO;
        for (const { afterMs, payer, alsoAiling, kind } of story) {
          now += afterMs;
          const ailing = new Set(alsoAiling.map((place) => names[place] ?? ''));
          const changes =
            kind === 'recovery'
              ? recovered(weights, now)
              : lowered(weights, names[payer] ?? '', { ailing, coolDownMs: COOL_DOWNS_MS[kind], now });
          if (changes.size > 0) expect(now - changedAt).toBeGreaterThanOrEqual(COOL_DOWNS_MS[kind]);
          if (changes.size > 0) changedAt = now;
          weights = applied(weights, changes, now);
          expect(total(weights)).toBe(100);
          expect(Math.min(...weights.map((one) => one.weight))).toBeGreaterThanOrEqual(FLOOR);
        }
      }),
    );
  });
});

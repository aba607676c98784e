import fc from 'fast-check';
import { chooseCarrier, FLOOR, type Candidate, type Wishes } from './choose-carrier';

function aCandidate(provider: string, more: Partial<Candidate> = {}): Candidate {
  return { provider, weight: 50, isPinned: false, serves: true, isOpen: true, ...more };
}

const anyone: Wishes = { pinned: null, avoid: null, isUrgent: false };
const two = [aCandidate('a'), aCandidate('b')];

describe('the carrier of a delivery', () => {
  it('is drawn in proportion to the weights', () => {
    const candidates = [aCandidate('a', { weight: 90 }), aCandidate('b', { weight: 10 })];
    expect(chooseCarrier(candidates, anyone, 0.89)).toBe('a');
    expect(chooseCarrier(candidates, anyone, 0.91)).toBe('b');
  });

  it('is anybody with the same chance where all weights are zero', () => {
    const candidates = two.map((one) => ({ ...one, weight: 0, isPinned: true }));
    expect([0, 0.49, 0.5, 0.99].map((random) => chooseCarrier(candidates, anyone, random))).toEqual([
      ...['a', 'a', 'b', 'b'],
    ]);
  });

  it('is the pinned one or nobody; a pin that names none of them is no pin', () => {
    expect(chooseCarrier(two, { ...anyone, pinned: 'b' }, 0)).toBe('b');
    const away = [aCandidate('a'), aCandidate('b', { isOpen: false })];
    expect(chooseCarrier(away, { ...anyone, pinned: 'b' }, 0)).toBeNull();
    expect(chooseCarrier(two, { ...anyone, pinned: 'gone' }, 0)).toBe('a');
  });

  it('is not the one that has just failed, unless there is no other', () => {
    expect(chooseCarrier(two, { ...anyone, avoid: 'a' }, 0)).toBe('b');
    expect(chooseCarrier([aCandidate('a')], { ...anyone, avoid: 'a' }, 0)).toBe('a');
    const other = [aCandidate('a'), aCandidate('b', { isOpen: false })];
    expect(chooseCarrier(other, { ...anyone, avoid: 'a' }, 0)).toBe('a');
  });

  it('serves the address; where nobody does, anybody may say what is wrong with it', () => {
    expect(chooseCarrier([aCandidate('a', { serves: false }), aCandidate('b')], anyone, 0)).toBe('b');
    expect(chooseCarrier([aCandidate('a', { serves: false })], anyone, 0)).toBe('a');
  });

  it('is nobody while all of them are away: then it waits', () => {
    expect(chooseCarrier([aCandidate('a', { isOpen: false })], anyone, 0)).toBeNull();
    expect(chooseCarrier([], anyone, 0)).toBeNull();
  });

  it('is never one that ails for what is urgent, while a little of the rest keeps its health measured', () => {
    const ailing = [aCandidate('a', { weight: FLOOR }), aCandidate('b', { weight: 98 })];
    expect(chooseCarrier(ailing, { ...anyone, isUrgent: true }, 0)).toBe('b');
    expect(chooseCarrier(ailing, anyone, 0)).toBe('a');
  });

  it('gets nothing at all where a person has pinned it to zero', () => {
    const off = [aCandidate('a', { weight: 0, isPinned: true }), aCandidate('b')];
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), (random) => {
        expect(chooseCarrier(off, anyone, random)).toBe('b');
      }),
    );
  });

  it('is somebody whenever somebody is there, whatever is drawn', () => {
    const candidate = fc.record({
      provider: fc.constantFrom('a', 'b', 'c'),
      weight: fc.integer({ min: 0, max: 100 }),
      isPinned: fc.boolean(),
      serves: fc.boolean(),
      isOpen: fc.boolean(),
    });
    const candidates = fc.uniqueArray(candidate, { selector: (one) => one.provider });
    const wishes = fc.record({
      pinned: fc.constantFrom(null, 'gone'),
      avoid: fc.constantFrom(null, 'a', 'b'),
      isUrgent: fc.boolean(),
    });
    const random = fc.double({ min: 0, max: 0.999_999_999, noNaN: true });
    fc.assert(
      fc.property(candidates, wishes, random, (all, wanted, drawn) => {
        const able = all.some((one) => one.serves) ? all.filter((one) => one.serves) : all;
        const chosen = chooseCarrier(all, wanted, drawn);
        if (able.some((one) => one.isOpen))
          expect(able.find((one) => one.provider === chosen)?.isOpen).toBe(true);
        else expect(chosen).toBeNull();
      }),
    );
  });
});

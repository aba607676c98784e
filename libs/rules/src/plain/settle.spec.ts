import fc from 'fast-check';
import type { InstanceState } from '../instance';
import { OPERATORS } from '../rule';
import { NEW_INSTANCE, settle } from './settle';
import { anInstance } from '../testing/an-instance';

describe('settling one instance on one value', () => {
  it('leads from the first value over a firing to a recovery', () => {
    const rule = anInstance({ operator: 'below', threshold: 100, recovery: 120 });
    let state: InstanceState = NEW_INSTANCE;
    const told = [150, 99, 110, 120].map((value) => {
      const settled = settle(rule, state, value);
      state = settled.state;
      return settled.transition;
    });
    expect(told).toEqual(['none', 'fired', 'none', 'recovered']);
    expect(state).toEqual({ state: 'ok', armed: true, spent: false, transitionSeq: 1 });
  });

  it('changes nothing when the same value comes again, from wherever it started', () => {
    const level = fc.integer({ min: -2, max: 2 });
    const state = fc.record({
      state: fc.constantFrom('unknown', 'ok', 'firing'),
      armed: fc.boolean(),
      spent: fc.boolean(),
      transitionSeq: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.constantFrom(...OPERATORS), level, state, level, (operator, threshold, from, value) => {
        const upper = operator === 'between' || operator === 'outside' ? threshold + 1 : null;
        const rule = anInstance({ operator, threshold, upper, lifecycle: 'once' });
        const once = settle(rule, from, value);
        expect(settle(rule, once.state, value)).toEqual({ state: once.state, transition: 'none' });
      }),
    );
  });
});

import { MAX_FUTURE_MS, parseEvent, type Metric } from '@app/contracts';
import fc from 'fast-check';
import { BEGINNING, composedRule, event, METRICS } from './arbitraries';
import { Contest } from './contest';
import { Engine } from './engine';

const LEVEL: Metric = {
  ...{ name: 'level', title: 'level', unit: '', scale: 0 },
  ...{ kind: 'gauge', visibility: 'public' },
};
const CATALOGUE = new Map([['level', LEVEL]]);

const wire = (value: unknown, at = BEGINNING): string =>
  JSON.stringify({
    ...{ id: 'e', source: 's', metric: 'level', subject: 'a', value },
    time: new Date(at).toISOString(),
  });

describe('what must not happen', () => {
  it.each(['NaN', 'Infinity', '-Infinity', '1e5', '', ' 1', '0x10', null, {}, [], true])(
    '%j is no amount and reaches no comparison',
    (value) => {
      expect(parseEvent(wire(value), CATALOGUE, BEGINNING)).toMatchObject({ ok: false });
    },
  );

  it('one event from the far future is set aside, and the ten honest ones after it are evaluated (laminardb#388)', () => {
    const engine = new Engine(METRICS, BEGINNING);
    const condition = { operator: 'above', threshold: 0, upper: null, recovery: null } as const;
    engine.arm({
      ...{ instanceId: 1, metric: 'level', subject: 'a', condition },
      ...{ lifecycle: 'recurring', onCreate: 'fireIfBreached' },
    });
    const sent = [BEGINNING + MAX_FUTURE_MS + 1, ...Array.from({ length: 10 }, (_, n) => BEGINNING + n)];
    const told = sent.flatMap((at, n) => {
      const parsed = parseEvent(wire(n % 2, at), CATALOGUE, BEGINNING);
      if (!parsed.ok) return [parsed.reason];
      const taken = engine.take({ ...parsed.event, id: `e${n}`, appendedAt: BEGINNING });
      return taken.map(({ transition }) => transition);
    });
    expect(told).toEqual([
      'timeInFuture',
      ...Array.from({ length: 10 }, (_, n) => (n % 2 ? 'recovered' : 'fired')),
    ]);
  });

  it('the last events of a log, however many, may come again and change nothing', () => {
    const moving = event.map((one) => ({
      ...one,
      step: one.step === 0 ? 1 : one.step,
      wait: Math.max(0, one.wait),
    }));
    fc.assert(
      fc.property(
        fc.array(composedRule, { maxLength: 4 }),
        fc.array(moving, { maxLength: 25 }),
        (rules, events) => {
          const contest = new Contest(true);
          for (const wanted of rules) contest.run({ kind: 'arm', wanted });
          for (const one of events) contest.run(one);
          contest.run({ kind: 'clock', ms: 0 });
          const before = contest.transitions;
          for (let last = 1; last <= events.length; last += 1) contest.run({ kind: 'again', last });
          expect(contest.transitions).toBe(before);
        },
      ),
      { numRuns: 150 },
    );
  });
});

import { PartitionMatcher } from './partition-matcher';
import { TransitionLog } from './plain/transition-log';
import { anInstance } from './testing/an-instance';

const RULES = 6_000;
const METRIC = 'account.balance';
const SUBJECT = 'account:42';

/** Rules on one series at levels 1 to 6,000; every seventh for a single time, every fifth with a recovery level. */
function rule(id: number) {
  const lifecycle = id % 7 === 0 ? 'once' : 'recurring';
  return anInstance({ instanceId: id, threshold: id, recovery: id % 5 === 0 ? id - 3 : null, lifecycle });
}

function aCrowd(slice?: number) {
  const matcher = new PartitionMatcher(slice);
  for (let id = 1; id <= RULES; id += 1) matcher.arm(rule(id), null);
  const series = matcher.seriesOf(METRIC, SUBJECT);
  matcher.match(series, 0, 0, []);
  return { matcher, series };
}

function states(matcher: PartitionMatcher): string[] {
  return Array.from({ length: RULES + 500 }, (_, id) => JSON.stringify(matcher.disarm(id + 1)));
}

describe('an event that passes very many levels', () => {
  it('comes in pieces that together are what it would be in one', () => {
    const { matcher, series } = aCrowd(1_500);
    const whole = aCrowd();
    let at = 0;
    for (const value of [RULES + 1, 0, RULES / 2, RULES + 1, 0]) {
      const [log, expected] = [new TransitionLog(), new TransitionLog()];
      at += 1;
      matcher.match(series, value, at, log);
      let pieces = 1;
      for (; matcher.isUnfinished; pieces += 1) {
        const before = log.length;
        matcher.continue(log);
        expect(log.length - before).toBeLessThan(3_000);
      }
      whole.matcher.match(whole.series, value, at, expected);
      while (whole.matcher.isUnfinished) whole.matcher.continue(expected);
      expect(pieces).toBeGreaterThan(2);
      expect([...log]).toEqual([...expected]);
    }
    expect(states(matcher)).toEqual(states(whole.matcher));
  });

  it('has happened, or has not, to a rule that leaves or comes in the middle of it', () => {
    const { matcher, series } = aCrowd(500);
    const log = new TransitionLog();
    matcher.match(series, RULES + 1, 1, log);
    const fired = new Set<number>();
    const left = new Map<number, string>();
    for (let id = 1; matcher.isUnfinished; id += 503) {
      for (const change of log) fired.add(change.instanceId);
      log.clear();
      const gone = 1 + (id % RULES);
      left.set(gone, matcher.disarm(gone)!.state);
      const come = RULES + left.size;
      expect(matcher.arm(anInstance({ instanceId: come, threshold: id % RULES }), null)).toMatchObject({
        state: 'firing',
      });
      matcher.continue(log);
    }
    for (const change of log) fired.add(change.instanceId);
    for (const [id, state] of left) expect(state).toBe(fired.has(id) ? 'firing' : 'ok');
    expect(new Set(left.values())).toEqual(new Set(['firing', 'ok']));
    expect(fired.size + [...left.values()].filter((state) => state === 'ok').length).toBe(RULES);
    expect([...fired].every((id) => id <= RULES)).toBe(true);
  });

  it('lets no other event pass it', () => {
    const { matcher, series } = aCrowd(500);
    const other = matcher.seriesOf(METRIC, 'account:43');
    const log = new TransitionLog();
    matcher.match(series, RULES + 1, 1, log);
    expect(() => matcher.match(other, 1, 1, log)).toThrow('not finished');
    expect(() => matcher.restore(METRIC, SUBJECT, 1, 1)).toThrow('not finished');
    while (matcher.isUnfinished) matcher.continue(log);
    expect(matcher.match(other, 1, 1, log)).toBe('moved');
  });

  it('comes as a whole to a list of objects, which cannot ask for the rest', () => {
    const { matcher, series } = aCrowd(500);
    const out: unknown[] = [];
    matcher.match(series, RULES + 1, 1, { push: (change) => out.push(change) });
    expect(out).toHaveLength(RULES);
    expect(matcher.isUnfinished).toBe(false);
  });
});

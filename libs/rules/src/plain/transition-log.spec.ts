import type { InstanceChange } from '../instance';
import { PartitionMatcher } from '../partition-matcher';
import { anInstance } from '../testing/an-instance';
import { TransitionLog } from './transition-log';

/** A matcher with rules `above` 1 to `rules` on one series, all of them settled at 0. */
function aMatcher(rules: number): { matcher: PartitionMatcher; series: number; log: TransitionLog } {
  const matcher = new PartitionMatcher();
  for (let id = 1; id <= rules; id += 1) matcher.arm(anInstance({ instanceId: id, threshold: id }), null);
  const series = matcher.seriesOf('account.balance', 'account:42');
  const log = new TransitionLog();
  matcher.match(series, 0, 1, log);
  log.clear();
  return { matcher, series, log };
}

describe('the log of changes', () => {
  it('gives each change with the value and time of its own event, also among several', () => {
    const { matcher, series, log } = aMatcher(4);
    matcher.match(series, 3, 10, log);
    matcher.match(series, 3, 11, log);
    matcher.match(series, 1, 12, log);
    matcher.match(series, 5, 13, log);
    const seen = [...log].map(({ instanceId, transition, value, at, transitionSeq }) => [
      ...[instanceId, transition, transitionSeq],
      ...[value, at],
    ]);
    expect(seen.slice(0, 2).sort()).toEqual([
      [1, 'fired', 1, 3, 10],
      [2, 'fired', 1, 3, 10],
    ]);
    expect(seen.slice(2, 4).sort()).toEqual([
      [1, 'recovered', 1, 1, 12],
      [2, 'recovered', 1, 1, 12],
    ]);
    expect(seen.slice(4).sort()).toEqual([
      [1, 'fired', 2, 5, 13],
      [2, 'fired', 2, 5, 13],
      [3, 'fired', 1, 5, 13],
      [4, 'fired', 1, 5, 13],
    ]);
  });

  it('holds changes that come as objects among those of columns, in the order in which they came', () => {
    const { matcher, series, log } = aMatcher(1);
    const change: InstanceChange = {
      ...{ instanceId: 7, state: 'noData', armed: true, spent: false, transitionSeq: 3 },
      ...{ transition: 'fired', value: 9, at: 9 },
    };
    log.push(change);
    matcher.match(series, 2, 10, log);
    log.push({ ...change, instanceId: 8 });
    expect([...log].map(({ instanceId }) => instanceId)).toEqual([7, 1, 8]);
    expect(log.at(0)).toBe(change);
    expect([log.instanceIdAt(2), log.transitionAt(2)]).toEqual([8, 'fired']);
    expect([log.instanceIdAt(1), log.transitionAt(1)]).toEqual([1, 'fired']);
    log.clear();
    expect([...log]).toEqual([]);
    expect(() => log.at(0)).toThrow(RangeError);
  });

  it('says so instead of naming the wrong rule, once a slot belongs to another', () => {
    const { matcher, series, log } = aMatcher(2);
    matcher.match(series, 2, 10, log);
    matcher.disarm(1);
    expect(log.at(0).instanceId).toBe(1);
    matcher.arm(anInstance({ instanceId: 99 }), null);
    expect(() => log.at(0)).toThrow('read a log before rules change');
    expect(() => matcher.match(series, 3, 11, log)).toThrow('clear a log before rules change');
    expect(() => aMatcher(1).matcher.match(0, 9, 11, log)).toThrow('one matcher');
  });
});

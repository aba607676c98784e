import { PartitionMatcher } from './partition-matcher';
import type { InstanceChange, InstanceDefinition, InstanceState } from './instance';
import { TransitionLog } from './plain/transition-log';
import { anInstance } from './testing/an-instance';

const BALANCE = 'account.balance';
const ACCOUNT = 'account:42';

/** A matcher with one series, where time goes on by one with each value. */
class Watch {
  readonly matcher = new PartitionMatcher();
  private at = 0;

  constructor(...definitions: InstanceDefinition[]) {
    for (const definition of definitions) this.matcher.arm(definition, null);
  }

  see(...values: number[]): string[] {
    return values.map((value) => {
      const changes = this.changes(value);
      return changes.map(({ transition }) => transition).find((word) => word !== 'none') ?? '-';
    });
  }

  changes(value: number, at = (this.at += 1)): InstanceChange[] {
    const out = new TransitionLog();
    this.matcher.match(this.matcher.seriesOf(BALANCE, ACCOUNT), value, at, out);
    return [...out];
  }
}

describe('a rule on one series', () => {
  it('tells of a change of truth once, however long the condition holds', () => {
    expect(
      new Watch(anInstance({ operator: 'below', threshold: 100 })).see(120, 90, 80, 90, 110, 120),
    ).toEqual(['-', 'fired', '-', '-', 'recovered', '-']);
  });

  it('fires when a value leaps over the level without ever being at it', () => {
    expect(new Watch(anInstance({ operator: 'crossesAbove', threshold: 100 })).see(1, 1_000_000)).toEqual([
      '-',
      'fired',
    ]);
  });

  it('sees an event that leaps over a whole range as no event of that range', () => {
    const range = anInstance({ operator: 'between', threshold: 10, upper: 20 });
    expect(new Watch(range).see(5, 25, 5, 15, 100)).toEqual(['-', '-', '-', 'fired', 'recovered']);
  });

  it('counts its firings, so that every alert has an id of its own', () => {
    const watch = new Watch(anInstance());
    watch.see(0, 101, 0, 101, 0);
    expect(watch.changes(101)[0]).toMatchObject({
      state: 'firing',
      transitionSeq: 3,
      transition: 'fired',
      value: 101,
    });
  });

  it('takes no notice of an event older than the last one, and takes one of equal time', () => {
    const watch = new Watch(anInstance());
    const series = watch.matcher.seriesOf(BALANCE, ACCOUNT);
    const out = new TransitionLog();
    expect(watch.matcher.match(series, 50, 1_000, out)).toBe('moved');
    expect(watch.matcher.match(series, 500, 999, out)).toBe('older');
    expect(watch.matcher.lastValue(BALANCE, ACCOUNT)).toEqual({ value: 50, at: 1_000 });
    expect(watch.matcher.match(series, 50, 1_000, out)).toBe('unchanged');
    expect([...out].map(({ transition }) => transition)).toEqual(['none']);
    expect(watch.matcher.match(series, 500, 1_000, out)).toBe('moved');
    expect(out.at(out.length - 1)).toMatchObject({ transition: 'fired' });
  });

  it('makes no second transition of an event that comes twice', () => {
    const watch = new Watch(anInstance());
    watch.changes(0, 1);
    expect(watch.changes(101, 2)).toHaveLength(1);
    expect(watch.changes(101, 2)).toEqual([]);
  });

  it('refuses a value that is no number, since it would be lost between the levels', () => {
    expect(() => new Watch(anInstance()).changes(Number.NaN)).toThrow('must be a number');
  });

  it('that was disarmed is silent, and gives back where it stood', () => {
    const watch = new Watch(anInstance());
    watch.see(0, 101);
    expect(watch.matcher.disarm(1)).toEqual({ state: 'firing', armed: true, spent: false, transitionSeq: 1 });
    expect(watch.see(0, 101)).toEqual(['-', '-']);
    expect(watch.matcher.disarm(1)).toBeNull();
    expect(watch.matcher.instanceCount).toBe(0);
  });

  it('replaces the one of the same id, so that an edited rule is watched once', () => {
    const watch = new Watch(anInstance());
    watch.see(0);
    expect(watch.matcher.arm(anInstance({ threshold: 1_000 }), null)).toMatchObject({ state: 'ok' });
    expect(watch.matcher.instanceCount).toBe(1);
    expect(watch.see(500, 1_500)).toEqual(['-', 'fired']);
  });
});

describe('a rule that starts to watch', () => {
  it('where no value is known, stays unknown until there is one', () => {
    expect(new PartitionMatcher().arm(anInstance(), null)).toBeNull();
    expect(new Watch(anInstance()).changes(0)).toMatchObject([
      { state: 'ok', armed: true, transition: 'none' },
    ]);
    expect(new Watch(anInstance()).changes(101)).toMatchObject([{ state: 'firing', transition: 'fired' }]);
  });

  // Vega 0014-ORDT-048/050: a stop order already breached at entry triggers at once.
  it('fires at once where the last value fulfils it already, with that value and its time (G4)', () => {
    const watch = new Watch();
    watch.changes(50, 7_000);
    const rises = anInstance({ instanceId: 1, operator: 'above', threshold: 25 });
    const falls = anInstance({ instanceId: 2, operator: 'below', threshold: 75 });
    expect(watch.matcher.arm(rises, null)).toMatchObject({ transition: 'fired', value: 50, at: 7_000 });
    expect(watch.matcher.arm(falls, null)).toMatchObject({ transition: 'fired', value: 50, at: 7_000 });
  });

  it('waits for a fresh cross where it is told to, even though it holds already (G4)', () => {
    const watch = new Watch();
    watch.see(50);
    const waits = anInstance({ threshold: 25, onCreate: 'waitForCross' });
    expect(watch.matcher.arm(waits, null)).toMatchObject({ state: 'ok', armed: false, transition: 'none' });
    expect(watch.see(60, 20, 30)).toEqual(['-', '-', 'fired']);
  });

  it('and is a crossing never fires on the first value, whatever it is told', () => {
    const crossing = anInstance({ operator: 'crossesBelow', threshold: 75, onCreate: 'fireIfBreached' });
    expect(new Watch(crossing).see(50, 40, 80, 74)).toEqual(['-', '-', '-', 'fired']);
  });
});

describe('inclusivity', () => {
  // Vega 0014-ORDT-047/049, with the last value at 50.
  it.each([
    ['atLeast', 75, 75, 'fired'],
    ['above', 75, 75, '-'],
    ['above', 75, 76, 'fired'],
    ['crossesAbove', 75, 75, '-'],
    ['crossesAbove', 75, 76, 'fired'],
    ['atMost', 25, 25, 'fired'],
    ['below', 25, 25, '-'],
    ['below', 25, 24, 'fired'],
    ['crossesBelow', 25, 25, '-'],
    ['crossesBelow', 25, 24, 'fired'],
  ] as const)('%s %i sees %i as it says (G3)', (operator, threshold, value, expected) => {
    expect(new Watch(anInstance({ operator, threshold })).see(50, value)).toEqual(['-', expected]);
  });

  it.each([
    ['between', [9, 10, 20, 21], ['-', 'fired', '-', 'recovered']],
    ['outside', [10, 9, 10, 20, 21], ['-', 'fired', 'recovered', '-', 'fired']],
  ] as const)('%s 10 and 20 counts its ends as it says', (operator, values, expected) => {
    expect(new Watch(anInstance({ operator, threshold: 10, upper: 20 })).see(...values)).toEqual(expected);
  });

  it('equals is exact to the last decimal', () => {
    expect(new Watch(anInstance({ operator: 'equals', threshold: 29 })).see(28, 29, 30)).toEqual([
      '-',
      'fired',
      'recovered',
    ]);
  });

  it('holds at the ends of the exact range, where the next whole number is the last one that exists', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(new Watch(anInstance({ operator: 'atLeast', threshold: most })).see(most - 1, most)).toEqual([
      '-',
      'fired',
    ]);
    expect(new Watch(anInstance({ operator: 'above', threshold: most })).see(most - 1, most)).toEqual([
      '-',
      '-',
    ]);
    expect(new Watch(anInstance({ operator: 'atMost', threshold: -most })).see(1 - most, -most)).toEqual([
      '-',
      'fired',
    ]);
  });
});

describe('a recovery level', () => {
  // Zabbix (problem, recovery): (F,T) resolves; (T,F) and (F,F) hold. (T,T) cannot be saved: it lies on the unsafe side.
  it('ends an alert only where the condition is false and the level is reached (G6)', () => {
    const rule = anInstance({ operator: 'above', threshold: 100, recovery: 80 });
    expect(new Watch(rule).see(101, 110, 90, 81, 80)).toEqual(['fired', '-', '-', '-', 'recovered']);
  });

  it('holds the state between the two levels, in both directions', () => {
    const rule = anInstance({ operator: 'below', threshold: 100, recovery: 120 });
    expect(new Watch(rule).see(110, 99, 119, 99, 120, 110, 99)).toEqual([
      '-',
      'fired',
      '-',
      '-',
      'recovered',
      '-',
      'fired',
    ]);
  });

  // After Kapacitor's example (levels 60/70/80 with resets 50/60/70); there one rule holds three levels, so that
  // at 62 it drops from CRITICAL to INFO, where here the warning, a rule of its own, holds until it is below 60.
  it('keeps three rules with levels of their own apart (after G1)', () => {
    const levels = [
      anInstance({ instanceId: 1, operator: 'above', threshold: 60, recovery: 49 }),
      anInstance({ instanceId: 2, operator: 'above', threshold: 70, recovery: 59 }),
      anInstance({ instanceId: 3, operator: 'above', threshold: 80, recovery: 69 }),
    ];
    const watch = new Watch(...levels);
    const firing = new Map<number, string>();
    const seen = [61, 73, 64, 85, 62, 56, 47].map((value) => {
      for (const { instanceId, state } of watch.changes(value)) firing.set(instanceId, state);
      return [3, 2, 1].find((id) => firing.get(id) === 'firing') ?? 0;
    });
    expect(seen).toEqual([1, 2, 2, 3, 2, 1, 0]);
  });
});

describe('a rule for a single time', () => {
  it('fires, recovers, and never fires again', () => {
    const watch = new Watch(anInstance({ lifecycle: 'once' }));
    expect(watch.see(0, 101, 102, 0, 101, 0)).toEqual(['-', 'fired', '-', 'recovered', '-', '-']);
    expect(watch.matcher.disarm(1)).toMatchObject({ state: 'ok', spent: true, transitionSeq: 1 });
  });

  it('stays spent over a restart', () => {
    const spent: InstanceState = { state: 'ok', armed: true, spent: true, transitionSeq: 1 };
    const watch = new Watch();
    watch.matcher.arm(anInstance({ lifecycle: 'once' }), spent);
    expect(watch.see(101, 0, 101)).toEqual(['-', '-', '-']);
  });
});

describe('a restart', () => {
  const firing: InstanceState = { state: 'firing', armed: true, spent: false, transitionSeq: 4 };

  it('without last values goes on from the persisted states alone', () => {
    const watch = new Watch();
    watch.matcher.arm(anInstance({ instanceId: 1, threshold: 100 }), firing);
    watch.matcher.arm(anInstance({ instanceId: 2, threshold: 200 }), { ...firing, state: 'ok' });
    watch.matcher.arm(anInstance({ instanceId: 3, threshold: 90 }), { ...firing, state: 'ok', armed: false });
    expect(watch.changes(150)).toEqual([]);
    expect(watch.changes(99)).toMatchObject([{ instanceId: 1, transition: 'recovered', transitionSeq: 4 }]);
  });

  it('tells of what happened while it was away, on the first value', () => {
    const watch = new Watch();
    watch.matcher.arm(anInstance({ instanceId: 1 }), firing);
    watch.matcher.arm(anInstance({ instanceId: 2, operator: 'below' }), { ...firing, state: 'ok' });
    const changes = watch.changes(50).sort((one, other) => one.instanceId - other.instanceId);
    expect(changes).toMatchObject([{ transition: 'recovered' }, { transition: 'fired', transitionSeq: 5 }]);
  });

  it.each(['before', 'after'])('with last values put back %s the rules is silent', (order) => {
    const matcher = new PartitionMatcher();
    if (order === 'before') matcher.restore(BALANCE, ACCOUNT, 150, 10);
    expect(matcher.arm(anInstance(), firing)).toBeNull();
    if (order === 'after') matcher.restore(BALANCE, ACCOUNT, 150, 10);
    const out = new TransitionLog();
    expect(matcher.match(matcher.seriesOf(BALANCE, ACCOUNT), 160, 9, out)).toBe('older');
    expect(matcher.match(matcher.seriesOf(BALANCE, ACCOUNT), 160, 10, out)).toBe('moved');
    expect([...out]).toEqual([]);
  });

  it('settles everything on the next event where the value put back does not fit the states', () => {
    const matcher = new PartitionMatcher();
    matcher.arm(anInstance(), firing);
    matcher.restore(BALANCE, ACCOUNT, 50, 10);
    const out = new TransitionLog();
    matcher.match(matcher.seriesOf(BALANCE, ACCOUNT), 51, 11, out);
    expect([...out]).toMatchObject([{ transition: 'recovered', value: 51, at: 11 }]);
  });
});

describe('the checkpoint of last values', () => {
  it('is given each series that changed since the last time, once, with its newest value', () => {
    const matcher = new PartitionMatcher();
    const [one, two] = [matcher.seriesOf(BALANCE, 'account:1'), matcher.seriesOf(BALANCE, 'account:2')];
    matcher.match(one, 1, 1, new TransitionLog());
    matcher.match(one, 2, 2, new TransitionLog());
    matcher.match(two, 5, 2, new TransitionLog());
    expect(matcher.dirtyCount).toBe(2);
    expect(matcher.drainDirty()).toEqual([
      { metric: BALANCE, subject: 'account:1', value: 2, at: 2 },
      { metric: BALANCE, subject: 'account:2', value: 5, at: 2 },
    ]);
    matcher.match(two, 5, 2, new TransitionLog());
    matcher.match(one, 3, 1, new TransitionLog());
    expect(matcher.drainDirty()).toEqual([]);
    matcher.match(two, 5, 3, new TransitionLog());
    expect(matcher.drainDirty()).toEqual([{ metric: BALANCE, subject: 'account:2', value: 5, at: 3 }]);
  });

  it('is given what the log took last of one time, though little differs: deadlines count from when that was', () => {
    const matcher = new PartitionMatcher();
    const one = matcher.seriesOf(BALANCE, 'account:1');
    matcher.take(one, { source: 's', id: 'a', value: 1, at: 1 }, 5, new TransitionLog());
    matcher.drainDirty();
    matcher.take(one, { source: 's', id: 'b', value: 2, at: 1 }, 9, new TransitionLog());
    expect(matcher.drainDirty()).toEqual([
      { metric: BALANCE, subject: 'account:1', value: 2, at: 1, clockAt: 9 },
    ]);
  });

  it('does not hear of an event that came again: no deadline counts from that', () => {
    const matcher = new PartitionMatcher();
    const one = matcher.seriesOf(BALANCE, 'account:1');
    const event = { source: 's', id: 'a', value: 1, at: 1 };
    matcher.take(one, event, 5, new TransitionLog());
    matcher.drainDirty();
    expect(matcher.take(one, event, 9, new TransitionLog())).toBe('repeated');
    expect(matcher.drainDirty()).toEqual([]);
  });

  it('does not hear again of what it gave itself, and hears of what was replayed after it', () => {
    const matcher = new PartitionMatcher();
    matcher.restore(BALANCE, 'account:1', 1, 1);
    matcher.restore(BALANCE, 'account:2', 1, 1);
    const two = matcher.seriesOf(BALANCE, 'account:2');
    expect(matcher.replayEvent(two, { source: 's', id: 'a', value: 7, at: 2 }, 9)).toBe('moved');
    expect(matcher.replayEvent(two, { source: 's', id: 'b', value: 8, at: 1 }, 9)).toBe('older');
    expect(matcher.drainDirty()).toMatchObject([{ metric: BALANCE, subject: 'account:2', value: 7, at: 2 }]);
  });

  it('knows no value of a series that was only named', () => {
    const matcher = new PartitionMatcher();
    expect(matcher.lastValue(BALANCE, ACCOUNT)).toBeNull();
    matcher.seriesOf(BALANCE, ACCOUNT);
    expect(matcher.lastValue(BALANCE, ACCOUNT)).toBeNull();
    expect(matcher.seriesCount).toBe(1);
  });
});

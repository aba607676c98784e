import { Watcher, aComposedInstance, aLeaf } from '../testing/a-composed-instance';

describe('a composed rule', () => {
  it('fires once the condition has held for as long as asked, without another event', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ forMs: 60 }));
    watcher.see(101, 100);
    watcher.wait(159);
    expect(watcher.told()).toEqual([]);
    watcher.wait(160);
    expect(watcher.told()).toEqual(['fired@160']);
  });

  it('is not fired by a wait that an event interrupted', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ forMs: 60 }));
    watcher.see(101, 100);
    watcher.see(99, 130);
    watcher.see(101, 150);
    watcher.see(101, 209);
    expect(watcher.told()).toEqual([]);
    watcher.see(99, 210);
    expect(watcher.told()).toEqual(['fired@210', 'recovered@210']);
  });

  it('keeps firing for as long as asked after the condition has gone', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ keepFiringMs: 50 }));
    watcher.see(101, 10);
    watcher.see(99, 20);
    watcher.see(101, 60);
    watcher.see(99, 70);
    watcher.wait(119);
    expect(watcher.told()).toEqual(['fired@10']);
    watcher.wait(120);
    expect(watcher.told()).toEqual(['recovered@120']);
  });

  it('lets no time pass at an instant that an event has made unimportant, as after a restart', () => {
    const where = { operator: 'atLeast', threshold: 0, upper: null } as const;
    const measure = { kind: 'countOfPeriods', where, last: 3, periodMs: 100 } as const;
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ tree: aLeaf({ measure, operator: 'equals', threshold: 1 }) }));
    watcher.see(0, 706);
    watcher.wait(1_150);
    watcher.see(0, 824, { clock: 2_000 });
    watcher.see(-1, 824, { clock: 2_000 });
    expect(watcher.told()).toEqual(['fired@1100', 'recovered@1100']);
    watcher.wait(2_450);
    watcher.see(0, 874, { clock: 2_450 });
    expect(watcher.told()).toEqual(['fired@1100']);
  });

  it('counts time from when an event happened, also where the log took it late', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ forMs: 60 }));
    watcher.see(101, 100, { clock: 1_100 });
    watcher.wait(1_159);
    expect(watcher.told()).toEqual([]);
    watcher.wait(1_160);
    expect(watcher.told()).toEqual(['fired@160']);
  });

  it('walks its levels as Kapacitor does (pipeline/alert.go)', () => {
    const levels = [
      { severity: 'info', threshold: 60, recovery: 49 },
      { severity: 'warning', threshold: 70, recovery: 59 },
      { severity: 'critical', threshold: 80, recovery: 69 },
    ] as const;
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ levels: [...levels] }));
    [61, 73, 64, 85, 62, 56, 47].forEach((value, at) => watcher.see(value, at));
    expect(watcher.told()).toEqual([
      'fired@0 level 1',
      'levelChanged@1 level 2',
      'levelChanged@3 level 3',
      'levelChanged@4 level 1',
      'recovered@6',
    ]);
  });

  it('counts three declines in five minutes, and forgets them when they are older', () => {
    const watcher = new Watcher();
    const measure = { kind: 'count', where: null, windowMs: 300 } as const;
    watcher.arm(aComposedInstance({ tree: aLeaf({ measure, operator: 'atLeast', threshold: 3 }) }));
    for (const at of [1_000, 1_100, 1_200]) watcher.see(1, at);
    expect(watcher.told()).toEqual(['fired@1200']);
    watcher.wait(1_300);
    expect(watcher.told()).toEqual([]);
    watcher.wait(1_301);
    expect(watcher.told()).toEqual(['recovered@1301']);
  });

  it('takes a redelivered event only once into a window', () => {
    const watcher = new Watcher();
    const measure = { kind: 'count', where: null, windowMs: 300 } as const;
    watcher.arm(aComposedInstance({ tree: aLeaf({ measure, operator: 'atLeast', threshold: 3 }) }));
    watcher.see(1, 1_000, { id: 'a' });
    watcher.see(1, 1_100, { id: 'b' });
    expect(watcher.see(1, 1_100, { id: 'b' })).toBe('repeated');
    expect(watcher.see(1, 1_000, { id: 'a' })).toBe('repeated');
    expect(watcher.told()).toEqual([]);
    expect(watcher.see(1, 1_050, { id: 'c' })).toBe('older');
    expect(watcher.told()).toEqual(['fired@1100']);
  });

  it('holds all of several metrics to its condition, and decides nothing on one that is too old', () => {
    const watcher = new Watcher();
    const tree = { all: [aLeaf(), aLeaf({ metric: 'volume', maxAgeMs: 50, threshold: 10 })] };
    watcher.arm(aComposedInstance({ tree }));
    watcher.see(101, 100);
    watcher.see(11, 100, { metric: 'volume' });
    expect(watcher.told()).toEqual(['fired@100']);
    watcher.see(99, 120);
    expect(watcher.told()).toEqual(['recovered@120']);
    watcher.see(101, 160);
    expect(watcher.told()).toEqual([]);
    watcher.see(12, 170, { metric: 'volume' });
    expect(watcher.told()).toEqual(['fired@170']);
  });

  it('does not take for young again what was too old, because an event of another metric was held up', () => {
    const watcher = new Watcher();
    const tree = { all: [aLeaf(), aLeaf({ metric: 'volume', maxAgeMs: 50, threshold: 10 })] };
    watcher.arm(aComposedInstance({ tree }));
    watcher.see(99, 100);
    watcher.see(11, 100, { metric: 'volume' });
    watcher.wait(200);
    watcher.see(101, 120, { clock: 210 });
    expect(watcher.told()).toEqual([]);
  });

  it('is unknown from the start where what it looks at is too old by then', () => {
    const watcher = new Watcher();
    watcher.see(101, 100);
    watcher.wait(200);
    const { state, progress } = watcher.arm(aComposedInstance({ tree: aLeaf({ maxAgeMs: 50 }) }), 200);
    expect([state, progress?.reason]).toEqual(['unknown', 'stale']);
    watcher.see(101, 210);
    expect(watcher.told()).toEqual(['fired@210']);
  });

  it('grows too old also where it was asked for before its metric had any event', () => {
    const watcher = new Watcher();
    watcher.arm(
      aComposedInstance({
        tree: aLeaf({ measure: { kind: 'count', where: null, windowMs: 60 }, maxAgeMs: 30 }),
      }),
    );
    watcher.see(1, 100);
    watcher.wait(131);
    expect(watcher.changes.at(-1)).toMatchObject({
      state: 'unknown',
      at: 131,
      progress: { reason: 'stale' },
    });
  });

  it('alerts on silence when the time has come, and ends that alert when data return', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ noData: { afterMs: 600, treat: 'alert' } }), 5_000);
    watcher.wait(5_599);
    expect(watcher.told()).toEqual([]);
    watcher.wait(6_000);
    expect(watcher.told()).toEqual(['fired@5600 noData']);
    watcher.see(101, 6_100);
    expect(watcher.told()).toEqual(['recovered@6100 dataReturned', 'fired@6100']);
    watcher.see(101, 6_600);
    watcher.wait(7_199);
    expect(watcher.told()).toEqual([]);
    watcher.see(101, 7_200);
    expect(watcher.changes.at(-2)?.progress?.reason).toBe('noData');
  });

  it('ends for good when its time is up, before an event of the same instant', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ expiresAt: 500 }));
    watcher.see(99, 100);
    watcher.see(101, 500);
    expect(watcher.told()).toEqual([]);
    watcher.arm(
      aComposedInstance({ expiresAt: 900, onExpiry: 'trigger', tree: aLeaf({ threshold: 200 }) }),
      500,
    );
    watcher.see(101, 900);
    expect(watcher.told()).toEqual(['fired@900 expiry', 'recovered@900 expired']);
  });

  it('ends its partner when it fires', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ instanceId: 1, partnerInstanceId: 2 }));
    const tree = aLeaf({ operator: 'below', threshold: 50 });
    watcher.arm(aComposedInstance({ instanceId: 2, partnerInstanceId: 1, tree }));
    watcher.see(101, 1);
    watcher.see(10, 2);
    watcher.see(101, 3);
    expect(watcher.told()).toEqual(['fired@1', 'recovered@2', 'fired@3']);
    expect(watcher.matcher.disarm(2)?.spent).toBe(true);
  });

  it('fires again after a cool-down, although nothing has changed', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ rearmAfterMs: 100, maxFirings: 2 }));
    watcher.see(101, 10);
    watcher.wait(400);
    expect(watcher.told()).toEqual([
      'fired@10',
      'recovered@110 rearmed',
      'fired@110',
      'recovered@210 rearmed',
    ]);
    expect(watcher.matcher.disarm(1)?.spent).toBe(true);
  });
});

describe('a measure', () => {
  it('is computed once for all rules that ask for it, and looked at only where it passes a level', () => {
    const watcher = new Watcher();
    const measure = {
      kind: 'aggregate',
      of: 'sum',
      window: { kind: 'sliding', ms: 60_000 },
      partial: true,
    } as const;
    for (let instanceId = 1; instanceId <= 500; instanceId += 1)
      watcher.arm(aComposedInstance({ instanceId, tree: aLeaf({ measure, threshold: 10 * instanceId }) }));
    watcher.changes.length = 0;
    watcher.see(1, 1_000);
    expect(watcher.changes).toHaveLength(500); // each of them has become known
    watcher.changes.length = 0;
    watcher.see(1, 1_001);
    expect(watcher.changes).toHaveLength(0);
    watcher.see(30, 1_002);
    expect(watcher.told()).toEqual(['fired@1002', '2 fired@1002', '3 fired@1002']);
    expect(watcher.matcher.drainMeasures().filter(({ key }) => key !== 'seen')).toHaveLength(1);
  });

  it('warms up once: a rule that joins later takes over what an equal one has gathered', () => {
    const watcher = new Watcher();
    const measure = {
      kind: 'countOfLast',
      where: { operator: 'above', threshold: 0, upper: null },
      last: 3,
    } as const;
    watcher.arm(aComposedInstance({ tree: aLeaf({ measure, threshold: 99 }) }));
    for (const at of [1, 2]) watcher.see(1, at);
    watcher.arm(
      aComposedInstance({ instanceId: 2, tree: aLeaf({ measure, operator: 'atLeast', threshold: 2 }) }),
    );
    expect(watcher.told()).toEqual(['2 fired@2']);
  });
});

describe('silence', () => {
  const noData = { afterMs: 60_000, treat: 'alert' } as const;
  const series = Array.from({ length: 2_000 }, (_, n) => `s${n}`);

  it('is told at its very instant, in the order of the clock, for each of many series', () => {
    const watcher = new Watcher();
    series.forEach((subject, n) => watcher.arm(aComposedInstance({ instanceId: n + 1, subject, noData })));
    series.forEach((subject, n) => watcher.see(1, 1_000 + 7 * n, { subject }));
    watcher.changes.length = 0;
    for (let clock = 60_500; clock < 80_000; clock += 500) watcher.wait(clock);
    const fired = watcher.changes.filter(({ transition }) => transition === 'fired');
    expect(fired.map(({ at }) => at)).toEqual(series.map((_, n) => 61_000 + 7 * n));
  });

  it('is not told after an outage of our own with a backlog, while nobody was silent', () => {
    const watcher = new Watcher();
    series.forEach((subject, n) => watcher.arm(aComposedInstance({ instanceId: n + 1, subject, noData })));
    series.forEach((subject) => watcher.see(1, 1_000, { subject }));
    // Ten minutes later the worker is back, reads the wall clock first, and then ten minutes of events.
    watcher.matcher.resumedAt(601_000);
    watcher.wait(601_000);
    for (let at = 21_000; at <= 601_000; at += 20_000)
      series.forEach((subject) => watcher.see(1, at, { subject, clock: 601_000 }));
    watcher.wait(660_999);
    expect(watcher.told()).toEqual([]);
    watcher.wait(661_000);
    expect(watcher.told()).toHaveLength(series.length);
  });

  it('is put off by events that change nothing else, and tells the value of the last of them', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ noData }));
    for (const [value, at] of [
      [10, 1_000],
      [20, 2_000],
      [90, 3_000],
      [30, 50_000],
    ] as const)
      watcher.see(value, at);
    watcher.changes.length = 0;
    watcher.wait(109_999);
    expect(watcher.changes).toEqual([]);
    watcher.wait(110_000);
    expect(watcher.changes).toMatchObject([
      { transition: 'fired', openedBy: 'noData', value: 30, at: 110_000 },
    ]);
  });

  it('hides no crossing from a rule, also of one that joined after events had passed unheard', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ noData }));
    watcher.see(10, 1_000);
    watcher.see(20, 2_000);
    watcher.see(90, 3_000);
    watcher.arm(
      aComposedInstance({ instanceId: 2, forMs: 10, tree: aLeaf({ threshold: 50, operator: 'below' }) }),
      3_000,
    );
    watcher.arm(aComposedInstance({ instanceId: 3, tree: aLeaf({ threshold: 95 }) }), 3_000);
    watcher.see(91, 3_500);
    watcher.see(96, 4_000);
    watcher.see(49, 5_000);
    watcher.see(101, 6_000);
    expect(watcher.told()).toEqual([
      '3 fired@4000',
      '3 recovered@5000',
      '2 fired@5010',
      'fired@6000',
      '2 recovered@6000',
      '3 fired@6000',
    ]);
  });

  it('knows where the last unheard value lay when a rule joins', () => {
    const watcher = new Watcher();
    watcher.arm(aComposedInstance({ noData }));
    watcher.see(10, 1_000);
    watcher.see(60, 2_000);
    watcher.arm(aComposedInstance({ instanceId: 2, tree: aLeaf({ threshold: 50, operator: 'below' }) }));
    watcher.see(10, 3_000);
    expect(watcher.told()).toEqual(['2 fired@3000']);
  });
});

import type { Measure, NoDataTreatment } from '@app/rules';
import { JUDGES, leaf, MINUTE, Scene } from './scene';

type Cell = 'OK' | 'ALARM' | 'retain' | 'INSUFFICIENT';

/**
 * "Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide: periods from the oldest to the
 * newest (X breaching, 0 within, - missing), and the state that each treatment leads to. CloudWatch looks further back
 * than the periods it evaluates where some are missing; we look at the last n and no more, and a period without an event
 * does not count as breaching. So our column is theirs for `notBreaching`, but for the one row said to differ.
 */
const TABLE: [
  want: number,
  of: number,
  periods: string,
  theirs: Record<'missing' | 'ignore' | 'breaching' | 'notBreaching', Cell>,
  ours: Cell,
][] = [
  [3, 3, '0 - X - X', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }, 'OK'],
  [3, 3, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }, 'OK'],
  [
    3,
    3,
    '- - - - -',
    { missing: 'INSUFFICIENT', ignore: 'retain', breaching: 'ALARM', notBreaching: 'OK' },
    'OK',
  ],
  // Differs on purpose: they reach for the fourth period back; of the last three of ours only two breach.
  [3, 3, '0 X X - X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }, 'OK'],
  [3, 3, '- - X - -', { missing: 'ALARM', ignore: 'retain', breaching: 'ALARM', notBreaching: 'OK' }, 'OK'],
  [
    2,
    3,
    '0 - X - X',
    { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' },
    'ALARM',
  ],
  [
    2,
    3,
    '0 0 X 0 X',
    { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' },
    'ALARM',
  ],
  [2, 3, '0 - X - -', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }, 'OK'],
  [2, 3, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }, 'OK'],
  [2, 3, '- - - - X', { missing: 'ALARM', ignore: 'retain', breaching: 'ALARM', notBreaching: 'OK' }, 'OK'],
];

describe.each(JUDGES)('%s and missing data', (_name, judge) => {
  it.each(TABLE)('CloudWatch, %i of the last %i periods: %s', (...[want, of, periods, theirs, ours]) => {
    const scene = new Scene(judge);
    const measure: Measure = {
      kind: 'countOfPeriods',
      where: { operator: 'above', threshold: 0, upper: null },
      last: of,
      periodMs: MINUTE,
    };
    scene.rule(1, { tree: leaf('atLeast', want, { measure }) });
    scene.see(0, 0); // the series exists: otherwise nothing could be said
    periods.split(' ').forEach((period, n) => {
      if (period !== '-') scene.see(period === 'X' ? 1 : 0, (n + 1) * MINUTE + 30_000);
    });
    scene.until(6 * MINUTE + 30_000);
    const state = scene.told.at(-1)?.includes('fired') ? 'ALARM' : 'OK';
    expect(state).toBe(ours);
    if (periods !== '0 X X - X') expect(theirs.notBreaching).toBe(ours);
  });

  /** Their four treatments of a metric that stops altogether, and what says the same here. */
  const SILENCE: [theirs: string, ours: NoDataTreatment, fromOk: string[], fromAlarm: string[]][] = [
    ['breaching', 'alert', ['1 fired (noData) at 600000'], []],
    ['notBreaching', 'ok', [], ['1 recovered (noData) at 600000']],
    ['ignore', 'keep', [], []],
    ['missing', 'ignore', [], []],
  ];

  it.each(SILENCE)(
    'CloudWatch, %s is `%s` here: all missing, from OK and from ALARM',
    (_theirs, treat, ...expected) => {
      const told = [5, 20].map((value) => {
        const scene = new Scene(judge);
        scene.rule(1, { tree: leaf('above', 10), noData: { afterMs: 10 * MINUTE, treat } });
        scene.see(value, 0);
        return scene.until(20 * MINUTE);
      });
      expect(told).toEqual(expected);
    },
  );
});

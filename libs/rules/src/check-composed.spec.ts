import { checkComposed } from './check-composed';
import { composedTerms } from './composed';
import type { ComposedTerms, ConditionTree, Leaf, Level } from './composed';
import type { Measure } from './measure';
import type { Condition } from './rule';
import { BOUNDS } from './rule-bounds';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NOW = Date.UTC(2027, 0, 1);

const METRICS = new Map([
  ['account.balance', { unit: 'EUR', scale: 2, kind: 'gauge' as const }],
  ['card.payments', { unit: 'EUR', scale: 2, kind: 'delta' as const }],
  ['api.requests', { unit: '', scale: 0, kind: 'counter' as const }],
]);

function aLeaf(measure: Measure = { kind: 'value' }, rest: Partial<Leaf> = {}): Leaf {
  const condition = { operator: 'above' as const, threshold: 1, upper: null, recovery: null };
  return { metric: 'account.balance', measure, condition, maxAgeMs: null, ...rest };
}

function aCondition(condition: Partial<Condition>): Partial<Leaf> {
  return { condition: { operator: 'above', threshold: 1, upper: null, recovery: null, ...condition } };
}

function problemsOf(tree: ConditionTree, rest: Partial<ComposedTerms> = {}, path = '') {
  return checkComposed(composedTerms(tree, rest), { metrics: METRICS, maxWindowMs: 31 * DAY_MS, path }, NOW);
}

const fieldsOf = (...asked: Parameters<typeof problemsOf>): string[] =>
  problemsOf(...asked).map(({ field, limit }) => (limit ? `${field}: ${limit}` : field));

const WHERE = { operator: 'above', threshold: 5, upper: null } as const;

describe('terms that can be used', () => {
  it.each<[Measure, Partial<Leaf>?]>([
    [{ kind: 'value' }],
    [{ kind: 'count', where: null, windowMs: 5 * MINUTE_MS }],
    [{ kind: 'count', where: WHERE, windowMs: 31 * DAY_MS }, aCondition({ threshold: BOUNDS.counted })],
    [{ kind: 'countOfLast', where: WHERE, last: 5 }, aCondition({ operator: 'atLeast', threshold: 5 })],
    [{ kind: 'countOfPeriods', where: WHERE, last: 100, periodMs: MINUTE_MS }],
    [{ kind: 'aggregate', of: 'sum', window: { kind: 'sliding', ms: DAY_MS }, partial: false }],
    [
      {
        kind: 'aggregate',
        of: 'avg',
        window: { kind: 'calendar', period: 'month', timeZone: 'UTC' },
        partial: true,
      },
    ],
    [{ kind: 'rate', windowMs: DAY_MS, perMs: 1_000, partial: false }, { metric: 'api.requests' }],
    [{ kind: 'change', against: 'previous', unit: 'percent' }],
    [{ kind: 'change', against: 'windowHigh', windowMs: DAY_MS, unit: 'amount' }],
    [{ kind: 'trailing', from: 'high', unit: 'percent' }, aCondition({ threshold: 2 ** 52 })],
  ])('pass with the measure %j', (measure, rest = {}) => {
    expect(problemsOf({ leaf: aLeaf(measure, rest) })).toEqual([]);
  });

  it('pass with every other term at once', () => {
    const all = {
      forMs: MINUTE_MS,
      keepFiringMs: MINUTE_MS,
      noData: { afterMs: DAY_MS, treat: 'alert' as const },
      rearmAfterMs: DAY_MS,
      expiresAt: NOW + 1,
      onExpiry: 'trigger' as const,
      maxFirings: 1_000,
    };
    expect(problemsOf({ leaf: aLeaf() }, all)).toEqual([]);
  });
});

describe('a measure', () => {
  it.each<[Measure, string[], Partial<Leaf>?]>([
    [{ kind: 'count', where: null, windowMs: MINUTE_MS - 1 }, ['measure.window']],
    [{ kind: 'count', where: null, windowMs: 31 * DAY_MS + 1 }, ['measure.window: windowTooLong']],
    [{ kind: 'count', where: null, windowMs: Number.NaN }, ['measure.window']],
    [
      { kind: 'count', where: { operator: 'between', threshold: 5, upper: 4 }, windowMs: DAY_MS },
      ['measure.where.upper'],
    ],
    [{ kind: 'countOfLast', where: WHERE, last: 0 }, ['threshold', 'measure.last']],
    [{ kind: 'countOfLast', where: WHERE, last: 1.5 }, ['measure.last']],
    [{ kind: 'countOfLast', where: WHERE, last: 1_001 }, ['measure.last: countTooLarge']],
    [
      { kind: 'countOfPeriods', where: WHERE, last: 101, periodMs: MINUTE_MS },
      ['measure.last: countTooLarge'],
    ],
    [{ kind: 'countOfPeriods', where: WHERE, last: 32, periodMs: DAY_MS }, ['measure.last: windowTooLong']],
    [{ kind: 'rate', windowMs: DAY_MS, perMs: 999, partial: false }, ['measure.kind', 'measure.per']],
    [{ kind: 'change', against: 'windowStart', windowMs: 0, unit: 'amount' }, ['measure.window']],
  ])('%j is refused at %j', (measure, fields, rest = {}) => {
    expect(fieldsOf({ leaf: aLeaf(measure, rest) })).toEqual(fields);
  });

  it('may look back as far as the installation says, calendars by their longest', () => {
    const month = { kind: 'calendar', period: 'month', timeZone: 'UTC' } as const;
    const measure = { kind: 'aggregate', of: 'sum', window: month, partial: false } as const;
    const context = { metrics: METRICS, maxWindowMs: 30 * DAY_MS, path: '' };
    expect(checkComposed(composedTerms({ leaf: aLeaf(measure) }), context, NOW)).toEqual([
      {
        field: 'measure.calendar',
        problem: 'a month is longer than windows may be here',
        wouldBeRight: 'at most 30 days',
        limit: 'windowTooLong',
      },
    ]);
  });

  it('is never compared with a level that it cannot reach', () => {
    const three = { kind: 'countOfLast', where: WHERE, last: 3 } as const;
    expect(problemsOf({ leaf: aLeaf(three, aCondition({ threshold: 4 })) })).toEqual([
      { field: 'threshold', problem: 'is out of reach', wouldBeRight: 'a whole number from 0 to 3' },
    ]);
    const many = { kind: 'count', where: null, windowMs: DAY_MS } as const;
    expect(fieldsOf({ leaf: aLeaf(many, aCondition({ threshold: 1_001 })) })).toEqual([
      'threshold: countTooLarge',
    ]);
  });

  it('whose numbers are fractions takes no level beyond 2^52, since codes of twice that would not be exact', () => {
    const percent = { kind: 'change', against: 'previous', unit: 'percent' } as const;
    expect(fieldsOf({ leaf: aLeaf(percent, aCondition({ threshold: 2 ** 52 + 1 })) })).toEqual(['threshold']);
    expect(fieldsOf({ leaf: aLeaf({ kind: 'value' }, aCondition({ threshold: 2 ** 52 + 1 })) })).toEqual([]);
  });
});

describe('a tree', () => {
  const leaf: ConditionTree = { leaf: aLeaf() };
  const deep = (levels: number): ConditionTree => (levels === 1 ? leaf : { not: deep(levels - 1) });

  it('may be 4 deep and have 8 questions, and no more', () => {
    expect(problemsOf(deep(4), {}, 'when')).toEqual([]);
    expect(fieldsOf(deep(5), {}, 'when')).toEqual(['when: tooDeep']);
    expect(problemsOf({ any: Array.from({ length: 8 }, () => leaf) }, {}, 'when')).toEqual([]);
    expect(fieldsOf({ any: Array.from({ length: 9 }, () => leaf) }, {}, 'when')).toEqual([
      'when: tooManyConditions',
    ]);
  });

  it('tells of every question what is wrong with it, at its path', () => {
    const tree: ConditionTree = {
      all: [
        { leaf: aLeaf({ kind: 'value' }, aCondition({ operator: 'below', recovery: 0 })) },
        { any: [leaf, { leaf: aLeaf({ kind: 'value' }, { metric: 'no.such' }) }] },
        { not: { leaf: aLeaf({ kind: 'value' }, { maxAgeMs: 1 }) } },
      ],
    };
    expect(fieldsOf(tree, {}, 'when')).toEqual([
      'when.all[0].recovery',
      'when.all[1].any[1].metric',
      'when.all[2].not.maxAge',
    ]);
  });

  it('has something in every all and any', () => {
    expect(fieldsOf({ all: [] }, {}, 'when')).toEqual(['when.all']);
    expect(fieldsOf({ any: [leaf, { all: [] }] }, {}, 'when')).toEqual(['when.any[1].all']);
  });

  it('knows no crossing under not, however deep: a moment cannot be denied', () => {
    const crossing: ConditionTree = {
      leaf: aLeaf({ kind: 'value' }, aCondition({ operator: 'crossesAbove' })),
    };
    expect(problemsOf({ all: [crossing, leaf] }, {}, 'when')).toEqual([]);
    expect(fieldsOf({ not: { any: [crossing, leaf] } }, {}, 'when')).toEqual(['when.not.any[0].operator']);
  });
});

describe('levels', () => {
  const rising: Level[] = [
    { severity: 'info', threshold: 60, recovery: 50 },
    { severity: 'warning', threshold: 70, recovery: 60 },
    { severity: 'critical', threshold: 80, recovery: 70 },
  ];
  const of = (operator: Condition['operator']): ConditionTree => ({
    leaf: aLeaf({ kind: 'value' }, aCondition({ operator, threshold: 60, upper: null })),
  });

  it('go up for above and atLeast, down for below and atMost', () => {
    const falling = rising
      .toReversed()
      .map((level, index) => ({ ...level, recovery: null, severity: rising[index]?.severity ?? 'info' }));
    for (const operator of ['above', 'atLeast'] as const) {
      expect(problemsOf(of(operator), { levels: rising })).toEqual([]);
      expect(fieldsOf(of(operator), { levels: falling })).toEqual([
        'levels[1].threshold',
        'levels[2].threshold',
      ]);
    }
    for (const operator of ['below', 'atMost'] as const)
      expect(problemsOf(of(operator), { levels: falling })).toEqual([]);
  });

  it('belong to one question that has a direction', () => {
    expect(fieldsOf(of('equals'), { levels: rising })).toEqual(['levels']);
    expect(fieldsOf({ all: [of('above')] }, { levels: rising }, 'when')).toEqual(['levels']);
  });

  it('are five at most, grow no milder, and recover on their safe side', () => {
    const [first, second] = rising as [Level, Level];
    expect(
      fieldsOf(of('above'), {
        levels: Array.from({ length: 6 }, (_, n) => ({ ...first, threshold: 60 + n })),
      }),
    ).toEqual(['levels: tooManyLevels']);
    expect(fieldsOf(of('above'), { levels: [second, { ...first, threshold: 90 }] })).toEqual([
      'levels[1].severity',
    ]);
    expect(fieldsOf(of('above'), { levels: [first, { ...second, recovery: 71 }] })).toEqual([
      'levels[1].recovery',
    ]);
  });

  it('lie within reach of the measure, each of them: a count keeps as many events as its highest level', () => {
    const counted = aLeaf({ kind: 'count', where: null, windowMs: DAY_MS }, aCondition({ threshold: 5 }));
    const levels: Level[] = [
      { severity: 'info', threshold: 5, recovery: null },
      { severity: 'critical', threshold: BOUNDS.counted + 1, recovery: null },
    ];
    expect(fieldsOf({ leaf: counted }, { levels })).toEqual(['levels[1].threshold: countTooLarge']);
  });
});

describe('times and ends', () => {
  it.each<[Partial<ComposedTerms>, string[]]>([
    [{ forMs: 999 }, ['for']],
    [{ forMs: 367 * DAY_MS }, ['for']],
    [{ keepFiringMs: 1 }, ['keepFiring']],
    [{ noData: { afterMs: 0, treat: 'ok' } }, ['noData.after']],
    [{ rearmAfterMs: MINUTE_MS - 1 }, ['rearmAfter']],
    [{ onExpiry: 'trigger' }, ['onExpiry']],
    [{ maxFirings: 0 }, ['maxFirings']],
    [{ maxFirings: 1_001 }, ['maxFirings: tooManyFirings']],
    [{ expiresAt: NOW }, ['expiresAt']],
    [{ expiresAt: NOW - 1, forMs: 1, maxFirings: 1.5 }, ['for', 'expiresAt', 'maxFirings']],
  ])('%j is refused at %j', (rest, fields) => {
    expect(fieldsOf({ leaf: aLeaf() }, rest)).toEqual(fields);
  });
});

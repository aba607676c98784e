import {
  checkCondition,
  OPERATORS,
  type ComposedTerms,
  type Condition,
  type ConditionTree,
} from '@app/rules';
import type { InstanceDefinition, Leaf, Level, Measure, Operator, Test, Window } from '@app/rules';
import fc from 'fast-check';
import type { OracleMetric } from './history';

/** Few subjects, small numbers and short windows: what fails then is short enough to be worked out by hand. */
export const SUBJECTS = ['a', 'b'];

/** The three kinds, each with another lateness; one of none at all. */
export const METRICS: ReadonlyMap<string, OracleMetric> = new Map([
  ['level', { kind: 'gauge', startsAtZero: false, allowedLatenessMs: 200 }],
  ['total', { kind: 'counter', startsAtZero: true, allowedLatenessMs: 50 }],
  ['amount', { kind: 'delta', startsAtZero: false, allowedLatenessMs: 0 }],
]);

/** The evening before Berlin's clocks go forward. */
export const BEGINNING = Date.UTC(2026, 2, 28, 22, 50);
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata'];

const amount = fc.integer({ min: -6, max: 6 });
const windowMs = fc.constantFrom(60, 90, 120, 600);
const LONG_MS = 700_000;
const shortMs = fc.constantFrom(1, 20, 60, 150);

const test: fc.Arbitrary<Test> = fc
  .record({
    operator: fc.constantFrom(...OPERATORS.filter((one) => !isCrossing(one))),
    threshold: amount,
    width: fc.nat(3),
  })
  .map(({ operator, threshold, width }) => ({
    operator: operator as Test['operator'],
    threshold,
    upper: operator === 'between' || operator === 'outside' ? threshold + width : null,
  }));

const window: fc.Arbitrary<Window> = fc.oneof(
  { weight: 3, arbitrary: windowMs.map((ms) => ({ kind: 'sliding' as const, ms })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('calendar' as const),
      period: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
      timeZone: fc.constantFrom(...ZONES),
    }),
  },
);

const unit = fc.constantFrom('amount' as const, 'percent' as const);

const measure: fc.Arbitrary<Measure> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Measure>({ kind: 'value' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('count' as const),
      where: fc.option(test),
      windowMs,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('countOfLast' as const),
      where: test,
      last: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('countOfPeriods' as const),
      where: test,
      last: fc.integer({ min: 1, max: 4 }),
      periodMs: fc.constantFrom(50, 100),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('aggregate' as const),
      of: fc.constantFrom('sum' as const, 'avg' as const, 'min' as const, 'max' as const),
      window,
      partial: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rate' as const),
      windowMs,
      perMs: fc.constantFrom(7, 1000),
      partial: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      against: fc.constant('previous' as const),
      unit,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      against: fc.constantFrom('windowStart' as const, 'windowHigh' as const, 'windowLow' as const),
      windowMs,
      unit,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      against: fc.constant('dayOpen' as const),
      timeZone: fc.constantFrom(...ZONES),
      unit,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('trailing' as const),
      from: fc.constantFrom('high' as const, 'low' as const),
      unit,
    }),
  },
);

interface ConditionWish {
  operator: Operator;
  threshold: number;
  width: number;
  recovery: number | null;
}

const conditionWish: fc.Arbitrary<ConditionWish> = fc.record({
  operator: fc.constantFrom(...OPERATORS),
  threshold: amount,
  width: fc.nat(4),
  recovery: fc.option(amount, { freq: 2 }),
});

/** Levels that the measure's numbers come near to: percentages are hundredths, counts never negative. */
function conditionFor(measured: Measure, { operator, threshold, width, recovery }: ConditionWish): Condition {
  const scale = 'unit' in measured && measured.unit === 'percent' ? 2_500 : 1;
  const isCount = measured.kind.startsWith('count');
  const level = (one: number): number => (isCount ? Math.abs(one) % 4 : one * scale);
  const isRange = operator === 'between' || operator === 'outside';
  const wanted: Condition = {
    operator,
    threshold: level(threshold),
    upper: isRange ? level(threshold) + width * scale : null,
    recovery: recovery === null ? null : level(recovery),
  };
  return checkCondition(wanted).length === 0 ? wanted : { ...wanted, recovery: null };
}

const leaf: fc.Arbitrary<Leaf> = fc
  .record({
    metric: fc.constantFrom(...METRICS.keys()),
    measure,
    wish: conditionWish,
    maxAgeMs: fc.option(fc.constantFrom(30, 300), { freq: 2 }),
  })
  .map(({ metric, measure: wanted, wish, maxAgeMs }) => {
    const allowed: Measure =
      wanted.kind === 'rate' && METRICS.get(metric)?.kind === 'gauge' ? { kind: 'value' } : wanted;
    return { metric, measure: allowed, condition: conditionFor(allowed, wish), maxAgeMs };
  });

const single: fc.Arbitrary<ConditionTree> = leaf.map((one) => ({ leaf: one }));
const denied: fc.Arbitrary<ConditionTree> = leaf.map((one) => ({ not: { leaf: withoutCrossing(one) } }));
const branch = fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: denied });
const several = fc.array(branch, { minLength: 1, maxLength: 3 });
const compound: fc.Arbitrary<ConditionTree> = fc.oneof(
  several.map((all) => ({ all })),
  several.map((any) => ({ any })),
  several.map((parts) => ({ all: [{ any: parts }, parts[0]!] })),
);
const tree: fc.Arbitrary<ConditionTree> = fc.oneof(
  { weight: 5, arbitrary: single },
  { weight: 1, arbitrary: denied },
  { weight: 2, arbitrary: compound },
);

/** For each set of several metrics, counted as in `apart`. */
const ZONES_APART: Readonly<Record<number, readonly string[]>> = {
  3: ['Etc/UTC', 'Europe/Paris', 'Asia/Colombo'],
  5: ['Etc/GMT', 'Europe/Rome', 'Asia/Kathmandu'],
  6: ['Africa/Abidjan', 'Europe/Vienna', 'Asia/Yangon'],
  7: ['Atlantic/Reykjavik', 'Europe/Madrid', 'Asia/Dhaka'],
};

/**
 * Windows of their own length, and days of zones of their own, for each set of several metrics: what a rule over another set
 * has gathered is only a head start for a new rule, read as of that set's time, which the oracle does not follow.
 */
function apart(of: ConditionTree): ConditionTree {
  const names = [...METRICS.keys()].map((name) => JSON.stringify(of).includes(`"metric":"${name}"`));
  const set = names.reduce((sum, named) => 2 * sum + Number(named), 0);
  const zones = ZONES_APART[set];
  if (!zones) return of;
  const separate = (key: string, value: unknown): unknown => {
    if (key === 'timeZone') return zones[ZONES.indexOf(value as string)];
    return ['windowMs', 'ms', 'periodMs'].includes(key) ? (value as number) + set : value;
  };
  return JSON.parse(JSON.stringify(of, separate)) as ConditionTree;
}

function withoutCrossing(one: Leaf): Leaf {
  if (!isCrossing(one.condition.operator)) return one;
  return { ...one, condition: { ...one.condition, operator: 'above', recovery: null } };
}

export function isCrossing(operator: Operator): boolean {
  return operator === 'crossesAbove' || operator === 'crossesBelow';
}

/** Steps and gaps from which levels of a rule are built, where its condition has a direction. */
const levelSteps = fc.array(fc.record({ step: fc.integer({ min: 1, max: 3 }), slack: fc.nat(2) }), {
  minLength: 2,
  maxLength: 3,
});

function levelsFor(
  { condition, measure: measured }: Leaf,
  steps: { step: number; slack: number }[],
): Level[] {
  const { operator } = condition;
  const up = operator === 'above' || operator === 'atLeast';
  if (!up && operator !== 'below' && operator !== 'atMost') return [];
  const scale = 'unit' in measured && measured.unit === 'percent' ? 2_500 : 1;
  const sign = up ? 1 : -1;
  let threshold = condition.threshold;
  return steps.map(({ step, slack }, index) => {
    if (index > 0) threshold += sign * step * scale;
    const strict = operator === 'above' || operator === 'below' ? 0 : 1;
    const recovery = slack === 0 ? null : threshold - sign * (slack - 1 + strict) * scale;
    return { severity: 'warning', threshold, recovery };
  });
}

const none = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 2 });
const mostly0 = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: shortMs });

const terms: fc.Arbitrary<ComposedTerms> = fc
  .record({
    tree,
    steps: none(levelSteps),
    forMs: mostly0,
    keepFiringMs: mostly0,
    noData: none(
      fc.record({
        afterMs: fc.constantFrom(40, 200, 1_000),
        treat: fc.constantFrom('alert' as const, 'ok' as const, 'keep' as const, 'ignore' as const),
      }),
    ),
    rearmAfterMs: fc.option(fc.oneof(shortMs, fc.constant(LONG_MS)), { freq: 2 }),
    expiresAt: fc.option(
      fc.integer({ min: 1, max: 2_000 }).map((ms) => BEGINNING + ms),
      { freq: 2 },
    ),
    onExpiry: fc.constantFrom('cancel' as const, 'trigger' as const),
    maxFirings: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 }),
    partnerInstanceId: fc.constant(null),
  })
  .map((wanted) => ({ ...wanted, tree: apart(wanted.tree) }))
  .map(({ steps, maxFirings, ...rest }) => ({
    ...rest,
    // Hours pass here: what fires anew in every instant of them has to end some time.
    maxFirings: rest.rearmAfterMs !== null && rest.rearmAfterMs < LONG_MS ? (maxFirings ?? 3) : maxFirings,
    levels: steps && 'leaf' in rest.tree ? levelsFor(rest.tree.leaf, steps) : [],
    onExpiry: rest.expiresAt === null ? 'cancel' : rest.onExpiry,
  }));

const usual = {
  instanceId: fc.integer({ min: 1, max: 8 }),
  subject: fc.constantFrom(...SUBJECTS),
  lifecycle: fc.constantFrom('recurring' as const, 'recurring' as const, 'once' as const),
  onCreate: fc.constantFrom('fireIfBreached' as const, 'waitForCross' as const),
};

/** A level on the latest value, and nothing else. */
export const plainRule: fc.Arbitrary<InstanceDefinition> = fc
  .record({ ...usual, metric: fc.constantFrom(...METRICS.keys()), wish: conditionWish })
  .map(({ wish, ...rest }) => ({ ...rest, condition: conditionFor({ kind: 'value' }, wish) }));

/** Every kind of rule; the fields of a plain one repeat the first leaf's. */
export const composedRule: fc.Arbitrary<InstanceDefinition> = fc
  .record({ ...usual, composed: terms })
  .map((rule) => ({
    ...rule,
    metric: firstLeaf(rule.composed.tree).metric,
    condition: firstLeaf(rule.composed.tree).condition,
  }));

/** Two rules of one subject, each the other's partner; their ids are those of no other rule, or of a former pair. */
export const pair: fc.Arbitrary<InstanceDefinition[]> = fc
  .tuple(composedRule, composedRule)
  .map(([one, other]) => {
    const { subject } = one;
    const first = 9 + 2 * SUBJECTS.indexOf(subject);
    return [
      { ...one, instanceId: first, composed: { ...one.composed!, partnerInstanceId: first + 1 } },
      {
        ...other,
        subject,
        instanceId: first + 1,
        composed: { ...other.composed!, partnerInstanceId: first },
      },
    ];
  });

function firstLeaf(of: ConditionTree): Leaf {
  if ('leaf' in of) return of.leaf;
  if ('not' in of) return firstLeaf(of.not);
  return firstLeaf(('all' in of ? of.all : of.any)[0]!);
}

export interface EventWish {
  kind: 'event';
  metric: string;
  subject: string;
  value: number;
  step: number;
  wait: number;
}

/** `step` from the latest event time of its series: late if negative. `wait`: how far the log clock went meanwhile. */
export const event: fc.Arbitrary<EventWish> = fc.record({
  kind: fc.constant('event' as const),
  metric: fc.constantFrom(...METRICS.keys()),
  subject: fc.constantFrom(...SUBJECTS),
  value: amount,
  step: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 5, 20, 50, 61) },
    { weight: 2, arbitrary: fc.constantFrom(-1, -10, -50, -51, -200, -300) },
    { weight: 1, arbitrary: fc.constantFrom(150, 700, 1_500_000, 3_600_000, 90_000_000) },
  ),
  wait: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 1, 20, 60) },
    { weight: 1, arbitrary: fc.constantFrom(-30, 300, 2_000, 3_600_000) },
  ),
});

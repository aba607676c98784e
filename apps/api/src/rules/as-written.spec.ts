import fc from 'fast-check';
import type { KeptRule } from '@app/persistence';
import { checkComposed, checkNotices, SEVERITIES } from '@app/rules';
import type { ComposedTerms, ConditionTree, Leaf, Measure, NoticePolicy, Test } from '@app/rules';
import { asWritten } from './as-written';
import { composedOf } from './meaning';
import { firstLeaf, readTerms } from './read-terms';
import type { CreateRuleDto } from './rule.dto';

const ZONE = 'Europe/Berlin';
const MINUTE_MS = 60_000;
const METRICS = (['gauge', 'delta', 'counter'] as const).map((kind, scale) => ({
  ...{ name: `some.${kind}`, title: kind, unit: 'EUR', scale, kind, visibility: 'public' as const },
}));
const SETTING = {
  metrics: new Map(METRICS.map((metric) => [metric.name, metric])),
  customer: { timeZone: ZONE, attributes: {} },
  maxWindowMs: 31 * 1_440 * MINUTE_MS,
  now: 0,
};

const durationMs = fc.integer({ min: 60, max: 86_400 }).map((seconds) => seconds * 1_000);
const amount = fc.integer({ min: 1, max: 900 });
const where: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('above' as const, 'atMost' as const),
    threshold: amount,
    upper: fc.constant(null),
  }),
  amount.map((threshold) => ({ operator: 'between' as const, threshold, upper: threshold + 1 })),
);
const unit = fc.constantFrom('amount' as const, 'percent' as const);
const partial = fc.boolean();
const measure: fc.Arbitrary<Measure> = fc.oneof(
  fc.constant({ kind: 'value' as const }),
  fc.record({ kind: fc.constant('count' as const), where: fc.option(where), windowMs: durationMs }),
  fc.record({ kind: fc.constant('countOfLast' as const), where, last: fc.constant(1_000) }),
  fc.record({
    kind: fc.constant('countOfPeriods' as const),
    where,
    last: fc.integer({ min: 1, max: 31 }),
    periodMs: durationMs,
  }),
  fc.record({
    kind: fc.constant('aggregate' as const),
    of: fc.constantFrom('sum', 'avg', 'min', 'max'),
    window: fc.oneof(
      durationMs.map((ms) => ({ kind: 'sliding' as const, ms })),
      fc
        .constantFrom('hour' as const, 'month' as const)
        .map((period) => ({ kind: 'calendar' as const, period, timeZone: ZONE })),
    ),
    partial,
  }),
  fc.record({ kind: fc.constant('rate' as const), windowMs: durationMs, perMs: durationMs, partial }),
  fc.record({ kind: fc.constant('change' as const), against: fc.constant('previous' as const), unit }),
  fc.record({
    kind: fc.constant('change' as const),
    against: fc.constantFrom('windowStart' as const, 'windowLow' as const),
    windowMs: durationMs,
    unit,
  }),
  fc.record({
    kind: fc.constant('change' as const),
    against: fc.constant('dayOpen' as const),
    timeZone: fc.constant(ZONE),
    unit,
  }),
  fc.record({
    kind: fc.constant('trailing' as const),
    from: fc.constantFrom('high' as const, 'low' as const),
    unit,
  }),
);
const leaf: fc.Arbitrary<Leaf> = fc.record({
  metric: fc.constantFrom('some.delta', 'some.counter'),
  measure,
  condition: fc.oneof(
    amount.map((threshold) => ({
      operator: 'above' as const,
      threshold,
      upper: null,
      recovery: threshold - 1,
    })),
    amount.map((threshold) => ({
      operator: 'outside' as const,
      threshold,
      upper: threshold,
      recovery: null,
    })),
  ),
  maxAgeMs: fc.option(durationMs),
});
const question: fc.Arbitrary<ConditionTree> = leaf.map((one) => ({ leaf: one }));
const tree: fc.Arbitrary<ConditionTree> = fc.oneof(
  question,
  fc.array(question, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc
    .array(
      fc.oneof(
        question,
        question.map((not) => ({ not })),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((any) => ({ any })),
);
const terms: fc.Arbitrary<ComposedTerms> = fc.record({
  tree,
  levels: fc.constant([]),
  forMs: fc.oneof(fc.constant(0), durationMs),
  keepFiringMs: fc.oneof(fc.constant(0), durationMs),
  noData: fc.option(
    fc.record({ afterMs: durationMs, treat: fc.constantFrom('alert', 'ok', 'keep', 'ignore') }),
  ),
  rearmAfterMs: fc.option(durationMs),
  expiresAt: fc.constantFrom(null, Date.UTC(2099, 0, 1)),
  onExpiry: fc.constant('cancel' as const),
  maxFirings: fc.option(fc.integer({ min: 1, max: 1_000 })),
  partnerInstanceId: fc.constant(null),
});
const notices: fc.Arbitrary<NoticePolicy> = fc.record({
  onRecovery: fc.constant(true),
  onLevel: fc.constantFrom('rise', 'any', 'none'),
  repeatEveryMs: fc.option(durationMs),
  cooldownMs: durationMs,
  maxPerDay: fc.option(fc.integer({ min: 1, max: 1_000 })),
  timeZone: fc.constant(ZONE),
  activeHours: fc.array(
    fc.constantFrom({ timeZone: 'Asia/Tokyo', days: [1, 7], from: '22:00', to: '06:00' }),
    { maxLength: 1 },
  ),
  dampFlapping: fc.boolean(),
});

function aRule(composed: ComposedTerms, policy: NoticePolicy): KeptRule {
  const { metric, condition } = firstLeaf(composed.tree);
  const when = new Date(0);
  return {
    ...{
      ruleId: 'r',
      customerId: 'c',
      title: 'T',
      metric,
      condition,
      subjectKind: 'owned',
      lifecycle: 'once',
    },
    ...{ onCreate: 'waitForCross', topic: 'alerts', channels: ['sms'], notifyRecovery: true },
    ...{ severity: SEVERITIES[0], thresholdAttribute: null, partnerRuleId: null, composed, notices: policy },
    ...{
      status: 'active',
      conditionVersion: 1,
      revision: 1,
      snoozedUntil: null,
      createdAt: when,
      updatedAt: when,
    },
    ...{ timeZone: ZONE, metricEntry: METRICS[0]!, metricEntries: METRICS, cursor: '' },
  };
}

describe('a rule as written', () => {
  it('means the same when it is read again, whatever it says', () => {
    fc.assert(
      fc.property(terms, notices, (composed, policy) => {
        const path = 'leaf' in composed.tree ? '' : 'when';
        fc.pre(checkComposed(composed, { ...SETTING, path }, 0).length === 0);
        expect(checkNotices(policy)).toEqual([]);
        const rule = aRule(composed, policy);
        const wish = { ...asWritten(rule), subjects: 'owned' } as CreateRuleDto;
        const read = readTerms(JSON.parse(JSON.stringify(wish)) as CreateRuleDto, SETTING);
        const { title, metric, condition, lifecycle, onCreate, channels, severity } = rule;
        expect(read).toMatchObject({
          ok: true,
          value: { title, metric, condition, lifecycle, onCreate, channels, severity, notices: policy },
        });
        if (read.ok) expect(composedOf({ ...rule, ...read.value })).toEqual(composed);
      }),
      { numRuns: 300 },
    );
  });
});

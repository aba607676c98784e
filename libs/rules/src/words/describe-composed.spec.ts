import { composedTerms } from '../composed';
import type { ComposedTerms, ConditionTree, Leaf } from '../composed';
import type { Measure } from '../measure';
import type { NoticePolicy } from '../notice-policy';
import type { Condition, Operator } from '../rule';
import { aNoticePolicy } from '../testing/a-notice-policy';
import { alertWords, metricsByName } from './alert-words';
import { describeRule, type RuleToDescribe } from './describe-rule';

const BALANCE = { name: 'account.balance', title: 'balance', unit: 'EUR', scale: 2 };
const DELAY = { name: 'flight.delay', title: 'delay', unit: 'min', scale: 0 };
const TRAFFIC = { name: 'site.hits', title: 'traffic', unit: '', scale: 0, kind: 'counter' as const };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function aCondition(operator: Operator, threshold: number, rest: Partial<Condition> = {}): Condition {
  return { operator, threshold, upper: null, recovery: null, ...rest };
}

function aLeaf(measure: Measure, condition: Condition, rest: Partial<Leaf> = {}): ConditionTree {
  return { leaf: { metric: BALANCE.name, measure, condition, maxAgeMs: null, ...rest } };
}

function words(composed: ComposedTerms, rest: Partial<RuleToDescribe> = {}, metric = BALANCE): string {
  const { tree } = composed;
  const condition = 'leaf' in tree ? tree.leaf.condition : aCondition('above', 0);
  const subjects = { kind: 'listed' as const, subjects: ['account:42'] };
  return describeRule(
    { subjects, condition, lifecycle: 'recurring', onCreate: 'fireIfBreached', composed, ...rest },
    metric,
    [BALANCE, DELAY],
  );
}

function ofMeasure(measure: Measure, threshold: number, metric = BALANCE): string {
  return words(composedTerms(aLeaf(measure, aCondition('atLeast', threshold))), {}, metric);
}

describe('a measure in words', () => {
  const where = aCondition('below', -10_000) as Extract<Measure, { kind: 'countOfLast' }>['where'];
  const day = { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin' } as const;
  it.each<[Measure, number, string]>([
    [
      { kind: 'count', where, windowMs: 5 * MINUTE },
      3,
      'the number of balance values below -100.00 EUR of account 42 within 5 minutes is at least 3 (also at exactly 3), and again when it is back below 3.',
    ],
    [
      { kind: 'count', where: null, windowMs: HOUR },
      3,
      'the number of balance values of account 42 within 1 hour is at least 3',
    ],
    [
      { kind: 'countOfLast', where, last: 5 },
      3,
      'the number of balance values below -100.00 EUR of account 42 among the last 5 is at least 3',
    ],
    [
      { kind: 'countOfPeriods', where, last: 5, periodMs: HOUR },
      3,
      'the number of periods of 1 hour that ended with the balance below -100.00 EUR of account 42 among the last 5 full ones is at least 3',
    ],
    [
      { kind: 'aggregate', of: 'avg', window: { kind: 'sliding', ms: 5 * MINUTE }, partial: false },
      10_000,
      'the average balance of account 42 over the last 5 minutes is at least 100.00 EUR (also at exactly 100.00), and again when it is back below 100.00 EUR. The time moves on in slices of 5 seconds.',
    ],
    [
      { kind: 'aggregate', of: 'min', window: day, partial: true },
      1,
      'the lowest balance of account 42 since midnight in Europe/Berlin is at least 0.01 EUR (also at exactly 0.01), and again when it is back below 0.01 EUR. It decides before that time is full.',
    ],
    [
      { kind: 'aggregate', of: 'max', window: { ...day, period: 'week' }, partial: true },
      1,
      'the highest balance of account 42 since Monday, midnight, in Europe/Berlin is',
    ],
    [
      { kind: 'aggregate', of: 'sum', window: { ...day, period: 'month' }, partial: true },
      1,
      'the sum of the balance of account 42 since the first of the month in Europe/Berlin is',
    ],
    [
      { kind: 'rate', windowMs: HOUR, perMs: MINUTE, partial: false },
      1_000,
      'the sum of the balance of account 42 over the last hour is at least 10.00 EUR per minute (also at exactly 10.00)',
    ],
    [
      { kind: 'change', against: 'previous', unit: 'amount' },
      1_000,
      'the change of the balance of account 42 from one value to the next is at least 10.00 EUR',
    ],
    [
      { kind: 'change', against: 'windowStart', windowMs: HOUR, unit: 'percent' },
      500,
      'the change of the balance of account 42 over the last hour is at least 5.00 %',
    ],
    [
      { kind: 'change', against: 'windowHigh', windowMs: 24 * HOUR, unit: 'percent' },
      -500,
      'the change of the balance of account 42 from its highest of the last day is at least -5.00 %',
    ],
    [
      { kind: 'change', against: 'windowLow', windowMs: 90 * MINUTE, unit: 'amount' },
      500,
      'from its lowest of the last 1 hour 30 minutes is at least 5.00 EUR',
    ],
    [
      { kind: 'change', against: 'dayOpen', timeZone: 'America/New_York', unit: 'percent' },
      500,
      'the change of the balance of account 42 since the first value of the day in America/New_York is',
    ],
    [
      { kind: 'trailing', from: 'high', unit: 'percent' },
      500,
      'the fall of the balance of account 42 from its highest since you set this is at least 5.00 % (also at exactly 5.00)',
    ],
    [
      { kind: 'trailing', from: 'low', unit: 'amount' },
      500,
      'the rise of the balance of account 42 from its lowest since you set this is at least 5.00 EUR',
    ],
  ])('%o', (measure, threshold, expected) => {
    expect(ofMeasure(measure, threshold)).toContain(expected);
  });

  it("calls a counter's sum its growth", () => {
    const window = { kind: 'sliding', ms: HOUR } as const;
    const sum = { kind: 'aggregate', of: 'sum', window, partial: false } as const;
    expect(ofMeasure(sum, 10, { ...TRAFFIC, unit: '' })).toContain('the growth of the traffic of account 42');
    expect(ofMeasure({ kind: 'rate', windowMs: HOUR, perMs: MINUTE, partial: false }, 10, TRAFFIC)).toContain(
      'is at least 10 per minute',
    );
  });

  it.each<[Operator, string]>([
    ['atLeast', 'values of at least 1.00 EUR'],
    ['atMost', 'values of at most 1.00 EUR'],
    ['equals', 'values of exactly 1.00 EUR'],
    ['between', 'values between 1.00 and 2.00 EUR (both included)'],
    ['outside', 'values below 1.00 EUR or above 2.00 EUR'],
  ])('counts what is %s', (operator, expected) => {
    const asked = aCondition(operator, 100, { upper: 200 }) as typeof where;
    expect(ofMeasure({ kind: 'count', where: asked, windowMs: MINUTE }, 1)).toContain(expected);
  });
});

describe('what a rule adds, in words', () => {
  const value = aLeaf({ kind: 'value' }, aCondition('below', 10_000));
  const plain = words(composedTerms(value));

  it('is nothing where it adds nothing', () => {
    expect(plain).toBe(
      'Tells you when the balance of account 42 is below 100.00 EUR (not at exactly 100.00), and again when it is ' +
        'back at 100.00 EUR or above. It does so every time this happens. If this is so already, it tells you at once.',
    );
  });

  it.each<[Partial<ComposedTerms>, string]>([
    [{ forMs: 90_000 }, 'It waits until this has been so for 1 minute 30 seconds without a break.'],
    [{ keepFiringMs: 10 * MINUTE }, 'It counts as over when it has been over for 10 minutes.'],
    [
      { noData: { afterMs: HOUR, treat: 'alert' } },
      'If nothing is heard for 1 hour, it tells you that, and again when there is news.',
    ],
    [{ noData: { afterMs: HOUR, treat: 'ok' } }, 'If nothing is heard for 1 hour, that counts as over.'],
    [
      { noData: { afterMs: HOUR, treat: 'keep' } },
      'If nothing is heard for 1 hour, an alert stays open, and what was waiting stops.',
    ],
    [{ noData: { afterMs: HOUR, treat: 'ignore' } }, 'If nothing is heard for 1 hour, that changes nothing.'],
    [
      { rearmAfterMs: 24 * HOUR },
      'An alert ends after 1 day at the latest; if it is so then, the next one begins.',
    ],
    [
      { rearmAfterMs: 24 * HOUR, noData: { afterMs: HOUR, treat: 'alert' } },
      'Any other alert ends after 1 day at the latest; if it is so then, the next one begins.',
    ],
    [
      { rearmAfterMs: 24 * HOUR, noData: { afterMs: HOUR, treat: 'keep' } },
      'an alert stays open, and what was waiting stops. Any other alert ends after 1 day at the latest;',
    ],
    [{ maxFirings: 3 }, 'It ends after 3 alerts on a subject.'],
    [{ maxFirings: 1 }, 'It ends after one alert on a subject.'],
    [{ maxFirings: 2 }, 'It does so every time this happens, until it ends.'],
    [{ forMs: HOUR }, 'If this is so already, it waits for that time, too.'],
    [{ expiresAt: Date.parse('2026-12-24T17:00:00Z') }, 'It ends on 24 December 2026, 17:00 (UTC).'],
    [
      { expiresAt: Date.parse('2026-12-24T17:05:00Z'), onExpiry: 'trigger' },
      'It ends on 24 December 2026, 17:05 (UTC); if it never told you until then, it does so then.',
    ],
  ])('%o', (rest, expected) => {
    expect(words(composedTerms(value, rest))).toContain(` ${expected}`);
    expect(plain).not.toContain(expected);
  });

  it.each<[Partial<NoticePolicy>, string]>([
    [{ repeatEveryMs: HOUR }, 'While it lasts, it says so again every hour.'],
    [{ cooldownMs: HOUR }, 'After it told you of one, it holds further ones back for 1 hour.'],
    [
      { maxPerDay: 1, timeZone: 'Europe/Berlin' },
      'It tells of new ones at most once a calendar day (midnight in Europe/Berlin). How many it held back, it says with the next one.',
    ],
    [{ maxPerDay: 3 }, 'at most 3 times a calendar day'],
    [{ dampFlapping: true }, 'If it goes to and fro quickly, it says that once, and then once an hour.'],
    [
      { activeHours: [{ timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }] },
      'It tells only Monday to Friday from 09:00 until before 17:00 (Europe/Berlin); what began at another time and still lasts is told when the next one begins.',
    ],
    [
      { activeHours: [{ timeZone: 'UTC', days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }] },
      'It tells only every day from 22:00 until before 07:00 of the next day (UTC)',
    ],
    [
      { activeHours: [{ timeZone: 'UTC', days: [7, 6], from: '08:00', to: '09:00' }] },
      'only Saturday and Sunday from',
    ],
  ])('of its messages: %o', (rest, expected) => {
    expect(words(composedTerms(value), { notices: aNoticePolicy(rest) })).toContain(expected);
  });

  it('says that it ends with its partner', () => {
    expect(words(composedTerms(value), { partnerRuleId: 'b' })).toContain(
      'It is one of a pair: as soon as one of them tells you, the other ends.',
    );
  });

  it('names its severity, the attribute it follows, and an age beyond which a value says nothing', () => {
    const aged = aLeaf({ kind: 'value' }, aCondition('below', 10_000), { maxAgeMs: 5 * MINUTE });
    const rule = { severity: 'critical', thresholdAttribute: 'limit' } as const;
    expect(words(composedTerms(aged), rule)).toContain(
      'That level is your own “limit”, now 100.00 EUR. A value older than 5 minutes says nothing. It is a critical alert.',
    );
    expect(words(composedTerms(aged), { severity: 'info' })).toContain('It is for information.');
  });

  it('keeps silent about the end where the policy does', () => {
    expect(words(composedTerms(value), { notices: aNoticePolicy({ onRecovery: false }) })).toContain(
      'but not when it is back',
    );
  });
});

describe('levels in words', () => {
  const levels = [
    { severity: 'info', threshold: 6_000, recovery: 5_000 },
    { severity: 'warning', threshold: 7_000, recovery: null },
    { severity: 'critical', threshold: 8_000, recovery: 7_500 },
  ] as const;

  it.each([
    ['above', '(not at exactly these levels), and again when it is back at 50.00 EUR or below.'],
    ['atLeast', '(also at exactly these levels), and again when it is back at 50.00 EUR or below.'],
  ] as const)(
    'with %s say each of them, whether it counts itself, and where it ends',
    (operator, expected) => {
      const text = words(
        composedTerms(aLeaf({ kind: 'value' }, aCondition(operator, 6_000, { recovery: 5_000 })), {
          levels: [...levels],
        }),
      );
      expect(text).toContain(expected);
      expect(text).toContain('It is no longer critical when it is back at 75.00 EUR or below.');
      expect(text).toMatch(
        /60\.00 EUR \(info\), is .* 70\.00 EUR \(warning\) or is .* 80\.00 EUR \(critical\)/,
      );
    },
  );

  it.each([
    ['rise', 'It tells of each step to a further level.'],
    ['any', 'It tells of each step from one level to another, further out or back.'],
    ['none', 'It does not tell of steps from one level to another.'],
  ] as const)('say what is told between them: %s', (onLevel, expected) => {
    const tree = aLeaf({ kind: 'value' }, aCondition('above', 6_000));
    const notices = aNoticePolicy({ onLevel });
    expect(words(composedTerms(tree, { levels: [...levels] }), { notices })).toContain(expected);
    expect(words(composedTerms(tree), { notices })).not.toContain(expected);
  });
});

describe('silence in words', () => {
  it('promises no word of its end where ends are not told', () => {
    const value = aLeaf({ kind: 'value' }, aCondition('below', 10_000));
    const terms = composedTerms(value, { noData: { afterMs: HOUR, treat: 'alert' } });
    const notices = aNoticePolicy({ onRecovery: false });
    expect(words(terms, { notices })).toContain('it tells you that, but not when there is news.');
  });
});

describe('several questions in words', () => {
  const low = aLeaf({ kind: 'value' }, aCondition('below', 10_000));
  const late = aLeaf({ kind: 'value' }, aCondition('atLeast', 45), { metric: DELAY.name, maxAgeMs: HOUR });

  it.each<[ConditionTree, string]>([
    [
      { all: [low, late] },
      'Tells you when, for account 42, the balance is below 100.00 EUR (not at exactly 100.00) and the delay is at least 45 min (also at exactly 45) (unknown where older than 1 hour), and again when this is no longer so.',
    ],
    [{ any: [low, { not: late }] }, 'or it is not so that the delay is at least 45 min'],
    [
      { all: [{ not: low }, late] },
      '(it is not so that the balance is below 100.00 EUR (not at exactly 100.00)) and',
    ],
    [
      { all: [aLeaf({ kind: 'value' }, aCondition('below', 10_000, { recovery: 12_000 })), late] },
      '(over only when it is back at 120.00 EUR or above)',
    ],
    [{ any: [low, { all: [low, late] }] }, '100.00) or (the balance is'],
  ])('%o', (tree, expected) => {
    expect(words(composedTerms(tree))).toContain(expected);
  });

  it('wait for a crossing wherever in them it stands', () => {
    const crossing = aLeaf({ kind: 'value' }, aCondition('crossesAbove', 1));
    expect(words(composedTerms({ any: [low, { not: crossing }] }))).toContain(
      'it waits until that has ended',
    );
  });
});

describe('what an alert says of its rule', () => {
  const metrics = metricsByName([BALANCE, DELAY]);
  const value = aLeaf({ kind: 'value' }, aCondition('below', 10_000));

  it('is the condition, in the unit of what was measured', () => {
    const plain = { metric: BALANCE.name, condition: aCondition('below', 10_000) };
    expect(alertWords(plain, 0, metrics)).toEqual({
      ...{ condition: 'is below 100.00 EUR', measure: null, span: '', unit: 'EUR', scale: 2, severity: null },
    });
    const count = aLeaf({ kind: 'count', where: null, windowMs: 5 * MINUTE }, aCondition('atLeast', 3));
    expect(alertWords({ ...plain, composed: composedTerms(count) }, 0, metrics)).toEqual({
      ...{ condition: 'is at least 3', measure: 'number of balance values within 5 minutes' },
      span: 'within 5 minutes',
      ...{ unit: '', scale: 0, severity: null },
    });
  });

  it('names the level that holds', () => {
    const levels = [
      { severity: 'info' as const, threshold: 10_000, recovery: null },
      { severity: 'critical' as const, threshold: 5_000, recovery: null },
    ];
    const rule = {
      metric: BALANCE.name,
      condition: aCondition('below', 10_000),
      composed: composedTerms(value, { levels }),
    };
    expect(alertWords(rule, 2, metrics)).toMatchObject({
      condition: 'is below 50.00 EUR',
      severity: 'critical',
    });
  });

  it('of several questions is all of them, a metric that nobody knows by its name', () => {
    const other = aLeaf({ kind: 'value' }, aCondition('above', 1), { metric: 'gone' });
    const rule = {
      metric: BALANCE.name,
      condition: aCondition('below', 1),
      composed: composedTerms({ all: [value, other] }),
    };
    expect(alertWords(rule, 0, metrics).condition).toBe(
      'meets “the balance is below 100.00 EUR and the gone is above 1”',
    );
  });
});

import fc from 'fast-check';
import { composedTerms } from '../composed';
import type { ComposedTerms, ConditionTree } from '../composed';
import { PLAIN_FACTS } from '../composed/metric-facts';
import type { HistoryPoint } from '../history/history-point';
import type { Measure } from '../measure';
import type { Condition } from '../rule';
import { aNoticePolicy } from '../testing/a-notice-policy';
import { plotPoints } from './plot-points';
import { MOST_FIRINGS, previewRule } from './preview-rule';
import type { RuleToPreview } from './replay-past';
import type { Pasts } from './suggest-threshold';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const START = Date.parse('2026-08-01T00:00:00Z');

function aCondition(rest: Partial<Condition> = {}): Condition {
  return { operator: 'above', threshold: 50, upper: null, recovery: null, ...rest };
}

function aRule(rest: Partial<RuleToPreview> = {}): RuleToPreview {
  return {
    ...{ metric: 'price', condition: aCondition(), lifecycle: 'recurring', onCreate: 'fireIfBreached' },
    ...{ composed: null, metrics: { price: PLAIN_FACTS }, ...rest },
  };
}

function composed(measure: Measure, condition: Condition, rest: Partial<ComposedTerms> = {}): RuleToPreview {
  const tree: ConditionTree = { leaf: { metric: 'price', measure, condition, maxAgeMs: null } };
  return aRule({ condition, composed: composedTerms(tree, rest) });
}

/** A value every `stepMs`. */
function past(values: readonly number[], stepMs = MINUTE): Pasts {
  const points = values.map((value, i): HistoryPoint => {
    const at = START + i * stepMs;
    return { value, at, clock: at + 20 };
  });
  const until = START + values.length * stepMs;
  return { subjects: [{ subject: 'a', series: [{ metric: 'price', points }] }], until };
}

/** Peaks of growing height between zeros: the n-th is n. */
function peaks(count: number, stepMs: number): Pasts {
  return past(
    Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 0 : (i + 1) / 2)),
    stepMs,
  );
}

describe('a preview', () => {
  it('says when the rule would have fired and recovered, with which values', () => {
    const { firings, told, messages } = previewRule(aRule(), aNoticePolicy(), past([10, 60, 70, 40, 80]));
    expect(firings).toEqual([
      {
        ...{ subject: 'a', openedAt: START + MINUTE, value: 60, level: 0, openedBy: 'value' },
        ...{
          resolvedAt: START + 3 * MINUTE,
          resolvedValue: 40,
          endedBy: 'value',
          told: true,
          heldReason: null,
        },
      },
      {
        ...{ subject: 'a', openedAt: START + 4 * MINUTE, value: 80, level: 0, openedBy: 'value' },
        ...{ resolvedAt: null, resolvedValue: null, endedBy: null, told: true, heldReason: null },
      },
    ]);
    expect([told, messages]).toEqual([2, 3]);
  });

  it('says of no past that there was nothing', () => {
    expect(previewRule(aRule(), aNoticePolicy(), { subjects: [], until: START })).toMatchObject({
      ...{ firings: [], told: 0, messages: 0, mostOnOneDay: 0, series: [], suggestion: null },
    });
  });

  it('goes on with the time after the last event: what was waiting fires', () => {
    const rule = composed({ kind: 'value' }, aCondition(), { forMs: 5 * MINUTE });
    const short = past([10, 60]);
    expect(previewRule(rule, aNoticePolicy(), short).firings).toHaveLength(0);
    const later = { ...short, until: short.until + 10 * MINUTE };
    expect(previewRule(rule, aNoticePolicy(), later).firings).toMatchObject([
      { openedAt: START + 6 * MINUTE },
    ]);
  });

  it('stops at a rule that fires without end, and says so', () => {
    const rule = composed({ kind: 'value' }, aCondition(), { rearmAfterMs: MINUTE });
    const year = { ...past([10, 60]), until: START + 366 * DAY };
    const preview = previewRule(rule, aNoticePolicy(), year);
    expect(preview).toMatchObject({ isCut: true, suggestion: null });
    expect(preview.firings).toHaveLength(MOST_FIRINGS);
  });

  it('knows silence by the clock of the log', () => {
    const rule = composed({ kind: 'value' }, aCondition(), {
      noData: { afterMs: 10 * MINUTE, treat: 'alert' },
    });
    const quiet = past([10, 10]);
    const { firings } = previewRule(rule, aNoticePolicy(), { ...quiet, until: quiet.until + DAY });
    expect(firings).toMatchObject([
      { openedBy: 'noData', openedAt: START + 11 * MINUTE + 20, resolvedAt: null },
    ]);
  });

  it('says what would have been told, and why the rest would not', () => {
    const often = past(Array.from({ length: 100 }, (_, i) => (i % 2) * 100));
    const preview = previewRule(aRule(), aNoticePolicy({ maxPerDay: 3 }), often);
    expect(preview.told).toBe(3);
    expect(preview.firings.at(-1)).toMatchObject({ told: false, heldReason: 'dailyCap' });
    expect(preview.messages).toBe(6);
  });

  it('counts by calendar month and day in the zone of the customer, empty months included', () => {
    const values = Array.from({ length: 70 }, (_, day) => (day === 30 || day === 69 ? 60 : 0));
    const { months, mostOnOneDay } = previewRule(
      aRule(),
      aNoticePolicy({ timeZone: 'America/New_York' }),
      past(values, DAY),
    );
    // Midnight of 31 August in UTC is still the 30th there; the first of August is still July.
    expect(months).toEqual([
      { month: '2026-07', firings: 0, told: 0 },
      { month: '2026-08', firings: 1, told: 1 },
      { month: '2026-09', firings: 0, told: 0 },
      { month: '2026-10', firings: 1, told: 1 },
    ]);
    expect(mostOnOneDay).toBe(1);
  });

  it('walks several metrics of a subject in the order of the log', () => {
    const leaf = (metric: string): ConditionTree => ({
      leaf: { metric, measure: { kind: 'value' }, condition: aCondition(), maxAgeMs: null },
    });
    const base = composed({ kind: 'value' }, aCondition());
    const rule = {
      ...base,
      composed: { ...base.composed!, tree: { all: [leaf('price'), leaf('load')] } },
      metrics: { price: PLAIN_FACTS, load: PLAIN_FACTS },
    };
    const at = (minute: number, value: number): HistoryPoint => ({
      ...{ value, at: START + minute * MINUTE, clock: START + minute * MINUTE },
    });
    const series = [
      { metric: 'price', points: [at(0, 60), at(2, 10), at(4, 60)] },
      { metric: 'load', points: [at(1, 60), at(3, 10), at(5, 60)] },
    ];
    const { firings } = previewRule(rule, aNoticePolicy(), {
      ...{ subjects: [{ subject: 'a', series }], until: START + 6 * MINUTE },
    });
    expect(firings.map(({ openedAt }) => (openedAt - START) / MINUTE)).toEqual([1, 5]);
  });
});

describe('a suggestion', () => {
  it('is a round level at which a noisy rule would have fired about once a month', () => {
    const preview = previewRule(
      aRule({ condition: aCondition({ threshold: 10 }) }),
      aNoticePolicy(),
      peaks(51, DAY),
    );
    expect(preview.firings).toHaveLength(41);
    expect(preview.suggestion).toEqual({ threshold: 47, firings: 4 });
  });

  it('is what the rule would do there, to the alert', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 60, maxLength: 300 }),
        fc.constantFrom('above', 'atLeast', 'crossesAbove', 'below', 'atMost', 'crossesBelow'),
        fc.constantFrom(null, 0, DAY / 8, DAY / 3),
        (values, operator, forMs) => {
          const at = (threshold: number): RuleToPreview => {
            const condition = aCondition({ operator, threshold });
            return forMs === null ? aRule({ condition }) : composed({ kind: 'value' }, condition, { forMs });
          };
          const pasts = past(values, DAY / 4);
          const { suggestion } = previewRule(at(0), aNoticePolicy(), pasts);
          if (!suggestion) return;
          const { firings } = previewRule(at(suggestion.threshold), aNoticePolicy(), pasts);
          expect(firings).toHaveLength(suggestion.firings);
          const isUp = ['above', 'atLeast', 'crossesAbove'].includes(operator);
          expect(isUp ? suggestion.threshold > 0 : suggestion.threshold < 0).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is made for measures as well', () => {
    const change: Measure = { kind: 'change', against: 'previous', unit: 'amount' };
    const rule = composed(change, aCondition({ operator: 'atLeast', threshold: 5 }));
    const { suggestion } = previewRule(rule, aNoticePolicy(), peaks(45, DAY));
    expect(suggestion).toMatchObject({ threshold: 42, firings: 4 });
  });

  it('is not made for a quiet rule, one that fires once, or where one level does not say it all', () => {
    const noisy = peaks(45, DAY);
    const condition = aCondition({ threshold: 10 });
    const levels = [
      { severity: 'info' as const, threshold: 10, recovery: null },
      { severity: 'critical' as const, threshold: 40, recovery: null },
    ];
    const rules = [
      aRule({ condition: aCondition({ threshold: 43 }) }),
      aRule({ condition, lifecycle: 'once' }),
      aRule({ condition: aCondition({ operator: 'between', threshold: 1, upper: 90 }) }),
      composed({ kind: 'value' }, condition, { levels }),
    ];
    for (const rule of rules) expect(previewRule(rule, aNoticePolicy(), noisy).suggestion).toBeNull();
  });

  it('is not made where every further level would never fire', () => {
    const switching = past(
      Array.from({ length: 100 }, (_, i) => i % 2),
      DAY,
    );
    const rule = aRule({ condition: aCondition({ threshold: 0 }) });
    expect(previewRule(rule, aNoticePolicy(), switching).suggestion).toBeNull();
  });
});

describe('a plot', () => {
  it('shows every point where there are few, and never more than it may', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer())),
        fc.integer({ min: 2, max: 50 }),
        (raw, most) => {
          const points = raw
            .map(([at, value]) => ({ at, value, clock: at }))
            .sort((one, other) => one.at - other.at);
          const shown = plotPoints(points, most);
          expect(shown.length).toBeLessThanOrEqual(most);
          if (points.length <= most) expect(shown).toHaveLength(points.length);
          const values = (all: readonly { value: number }[]): number[] => all.map(({ value }) => value);
          expect(Math.max(...values(shown))).toBe(Math.max(...values(points)));
          expect(Math.min(...values(shown))).toBe(Math.min(...values(points)));
          expect(shown).toEqual([...shown].sort((one, other) => one.at - other.at));
        },
      ),
    );
  });
});

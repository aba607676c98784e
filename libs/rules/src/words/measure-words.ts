import { groupedAmount } from '@app/contracts';
import { scaleOf, type ChangeUnit, type Measure, type Test, type Window } from '../measure';
import type { MetricWords } from './describe-condition';
import { durationWords, eachWords } from './duration-words';

/** A measure as a metric of its own: "number of balance values above 100.00 EUR", "within 5 minutes". */
export interface MeasureWords extends MetricWords {
  /** Follows what is measured: "over the last hour"; may be empty. */
  span: string;
  /** How finely the window moves: "in slices of 5 seconds"; may be empty. */
  grain: string;
}

/** Slices of a sliding window; see `Window`. */
const SLICES = 60;

/** Says what a condition looks at. The level's unit and decimals are those of the measure, not of the metric. */
export function describeMeasure(measure: Measure, metric: MetricWords): MeasureWords {
  const { title, span, grain = '', unit = metric.unit } = partsOf(measure, metric);
  return { title, span, grain, unit, scale: scaleOf(measure, metric.scale) };
}

interface Parts {
  title: string;
  span: string;
  grain?: string;
  unit?: string;
}

function partsOf(measure: Measure, metric: MetricWords): Parts {
  const { title } = metric;
  switch (measure.kind) {
    case 'value':
      return { title, span: '' };
    case 'count':
      return {
        ...{ title: countTitle(measure.where, metric), unit: '' },
        span: `within ${durationWords(measure.windowMs)}`,
      };
    case 'countOfLast':
      return { title: countTitle(measure.where, metric), unit: '', span: `among the last ${measure.last}` };
    case 'countOfPeriods':
      return {
        title: `number of periods of ${durationWords(measure.periodMs)} that ended with the ${title} ${testWords(measure.where, metric)}`,
        ...{ unit: '', span: `among the last ${measure.last} full ones` },
      };
    case 'aggregate':
      return { title: aggregateTitle(measure.of, metric), ...windowParts(measure.window) };
    case 'rate':
      return {
        title: aggregateTitle('sum', metric),
        unit: `${metric.unit} per ${eachWords(measure.perMs)}`.trim(),
        ...slidingParts(measure.windowMs),
      };
    case 'change':
      return { ...changeParts(measure, title), ...percentUnit(measure.unit) };
    case 'trailing':
      return { ...trailingParts(measure.from, title), ...percentUnit(measure.unit) };
    default:
      return measure satisfies never;
  }
}

function percentUnit(unit: ChangeUnit): Pick<Parts, 'unit'> {
  return unit === 'percent' ? { unit: '%' } : {};
}

function countTitle(where: Test | null, metric: MetricWords): string {
  const what = `number of ${metric.title} values`;
  return where ? `${what} ${testWords(where, metric)}` : what;
}

function aggregateTitle(of: 'sum' | 'avg' | 'min' | 'max', { title, kind }: MetricWords): string {
  switch (of) {
    case 'sum':
      return kind === 'counter' ? `growth of the ${title}` : `sum of the ${title}`;
    case 'avg':
      return `average ${title}`;
    case 'min':
      return `lowest ${title}`;
    case 'max':
      return `highest ${title}`;
    default:
      return of satisfies never;
  }
}

function windowParts(window: Window): Pick<Parts, 'span' | 'grain'> {
  if (window.kind === 'sliding') return slidingParts(window.ms);
  const since = {
    hour: 'since the full hour',
    day: 'since midnight',
    week: 'since Monday, midnight,',
    month: 'since the first of the month',
  };
  return { span: `${since[window.period]} in ${window.timeZone}` };
}

function slidingParts(ms: number): Pick<Parts, 'span' | 'grain'> {
  return { span: `over the last ${eachWords(ms)}`, grain: grainWords(ms) };
}

function grainWords(ms: number): string {
  return `in slices of ${durationWords(Math.ceil(ms / SLICES))}`;
}

function changeParts(measure: Extract<Measure, { kind: 'change' }>, title: string): Parts {
  switch (measure.against) {
    case 'previous':
      return { title: `change of the ${title}`, span: 'from one value to the next' };
    case 'windowStart':
      return { title: `change of the ${title}`, ...slidingParts(measure.windowMs) };
    case 'windowHigh':
      return ofExtreme(title, 'highest', measure.windowMs);
    case 'windowLow':
      return ofExtreme(title, 'lowest', measure.windowMs);
    case 'dayOpen':
      return {
        title: `change of the ${title}`,
        span: `since the first value of the day in ${measure.timeZone}`,
      };
    default:
      return measure satisfies never;
  }
}

function ofExtreme(title: string, which: 'highest' | 'lowest', windowMs: number): Parts {
  return {
    title: `change of the ${title}`,
    span: `from its ${which} of the last ${eachWords(windowMs)}`,
    grain: grainWords(windowMs),
  };
}

function trailingParts(from: 'high' | 'low', title: string): Parts {
  return from === 'high'
    ? { title: `fall of the ${title}`, span: 'from its highest since you set this' }
    : { title: `rise of the ${title}`, span: 'from its lowest since you set this' };
}

/** "above 100.00 EUR", with what the words leave open about the level itself. */
function testWords({ operator, threshold, upper }: Test, { unit, scale }: MetricWords): string {
  const bare = groupedAmount(threshold, scale);
  const amount = (value: number): string => `${groupedAmount(value, scale)} ${unit}`.trim();
  switch (operator) {
    case 'above':
    case 'below':
      return `${operator} ${amount(threshold)}`;
    case 'atLeast':
      return `of at least ${amount(threshold)}`;
    case 'atMost':
      return `of at most ${amount(threshold)}`;
    case 'equals':
      return `of exactly ${amount(threshold)}`;
    case 'between':
      return `between ${bare} and ${amount(upper ?? threshold)} (both included)`;
    case 'outside':
      return `below ${amount(threshold)} or above ${amount(upper ?? threshold)}`;
    default:
      return operator satisfies never;
  }
}

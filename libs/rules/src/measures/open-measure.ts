import { calendarOf } from '@app/wall-time';
import type { Measure } from '../measure';
import type { SavedCalendarWindow } from './calendar-window';
import { CalendarWindow } from './calendar-window';
import type { SavedWindowChange } from './change-in-window';
import { ChangeFromExtreme } from './change-in-window';
import type { SavedChange, SavedDayChange } from './change-of-latest';
import { ChangeFromPrevious, ChangeSinceDayOpen } from './change-of-latest';
import type { SavedSinceStart } from './change-since-start';
import { ChangeSinceStart } from './change-since-start';
import type { SavedCount } from './count-in-window';
import { CountInWindow } from './count-in-window';
import type { SavedCountOfLast } from './count-of-last';
import { CountOfLast } from './count-of-last';
import type { SavedCountOfPeriods } from './count-of-periods';
import { CountOfPeriods } from './count-of-periods';
import { LatestValue } from './latest-value';
import type { SavedNumber } from './saved-number';
import type { MeasureOptions, SeriesMeasure } from './series-measure';
import type { SavedExtreme } from './sliding-extreme';
import { SlidingExtreme } from './sliding-extreme';
import type { SavedSum } from './sliding-sum';
import { SlidingSum } from './sliding-sum';
import type { SavedTrailing } from './trailing';
import { Trailing } from './trailing';

/**
 * Begins a measure of one series, or goes on with a saved one.
 *
 * @param saved what `save` gave for an equal measure with equal options; null for one that begins. A count that was
 *   saved with a lower `upTo` may read too low until its window has passed.
 * @throws RangeError for a time zone that does not exist, Error for a test that `checkCondition` refuses: both are
 *   refused when a rule is saved
 */
export function openMeasure(measure: Measure, options: MeasureOptions, saved: unknown): SeriesMeasure {
  switch (measure.kind) {
    case 'value':
      return new LatestValue(saved as SavedNumber);
    case 'count':
      return new CountInWindow(measure.where, measure.windowMs, options, saved as SavedCount | null);
    case 'countOfLast':
      return new CountOfLast(
        measure.where,
        measure.last,
        options.decidesEarly,
        saved as SavedCountOfLast | null,
      );
    case 'countOfPeriods':
      return new CountOfPeriods(measure, options.decidesEarly, saved as SavedCountOfPeriods | null);
    case 'aggregate':
      return openAggregate(measure, options, saved);
    case 'rate':
      return new SlidingSum({ of: 'rate', perMs: measure.perMs }, measure, options, saved as SavedSum | null);
    case 'change':
      return openChange(measure, saved);
    case 'trailing':
      return new Trailing(measure.from, measure.unit, saved as SavedTrailing | null);
    default:
      return measure satisfies never;
  }
}

type Aggregate = Extract<Measure, { kind: 'aggregate' }>;

function openAggregate(measure: Aggregate, options: MeasureOptions, saved: unknown): SeriesMeasure {
  const { of, window, partial } = measure;
  if (window.kind === 'calendar') {
    const calendar = calendarOf(window.period, window.timeZone);
    return new CalendarWindow(of, { calendar, partial }, options, saved as SavedCalendarWindow | null);
  }
  const sliding = { windowMs: window.ms, partial };
  if (of === 'min' || of === 'max') return new SlidingExtreme(of, sliding, saved as SavedExtreme | null);
  return new SlidingSum({ of }, sliding, options, saved as SavedSum | null);
}

type Change = Extract<Measure, { kind: 'change' }>;

function openChange(measure: Change, saved: unknown): SeriesMeasure {
  switch (measure.against) {
    case 'previous':
      return new ChangeFromPrevious(measure.unit, saved as SavedChange | null);
    case 'dayOpen':
      return new ChangeSinceDayOpen(
        measure.unit,
        calendarOf('day', measure.timeZone),
        saved as SavedDayChange | null,
      );
    case 'windowStart':
      return new ChangeSinceStart(measure.windowMs, measure.unit, saved as SavedSinceStart | null);
    case 'windowHigh':
    case 'windowLow':
      return new ChangeFromExtreme(
        measure.against,
        measure.windowMs,
        measure.unit,
        saved as SavedWindowChange | null,
      );
    default:
      return measure satisfies never;
  }
}

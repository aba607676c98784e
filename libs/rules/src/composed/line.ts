import type { UnknownReason } from '../instance';
import type { Measure } from '../measure';
import type { SeriesMeasure } from '../measures/series-measure';
import type { SeriesTable } from '../plain/series-table';
import type { Queued } from './deadline-queue';
import type { EventClock } from './event-clock';

/** What a line is of. */
export type LineOf = Pick<Line, 'clock' | 'series' | 'key' | 'measure' | 'tracked'>;

/**
 * A number line derived from one series: its latest value or another measure of it, with the gap between two cuts in
 * which it lies now.
 */
export class Line implements Queued {
  queuedAt = Number.NaN;
  /** Where it lay in the index when it was moved last; NaN while unknown, for `reason`. A quiet series does not move it. */
  code = Number.NaN;
  reason: UnknownReason | null = 'warmingUp';
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;
  /** Its instances were put back and have not been compared with it. */
  unsettled = false;
  /** An event has moved the series since the measure was opened: only then has it begun. */
  begun = false;
  users = 0;
  dirty = false;

  readonly clock: EventClock;
  readonly series: number;
  readonly key: string;
  readonly measure: Measure;
  /** Null for the latest value itself. */
  readonly tracked: SeriesMeasure | null;

  /** @param number in the index */
  constructor(
    readonly number: number,
    of: LineOf,
    private readonly table: SeriesTable,
  ) {
    this.clock = of.clock;
    this.series = of.series;
    this.key = of.key;
    this.measure = of.measure;
    this.tracked = of.tracked;
  }

  /** The reading as of now: NaN while unknown. */
  get reading(): number {
    return this.tracked ? this.tracked.code : this.table.valueOf(this.series);
  }
}

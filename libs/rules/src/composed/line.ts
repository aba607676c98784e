import type { UnknownReason } from '../instance';
import type { Measure } from '../measure';
import type { SeriesMeasure } from '../measures/series-measure';
import type { Queued } from './deadline-queue';
import type { EventClock } from './event-clock';

/**
 * A number line derived from one series: its latest value or another measure of it, with the gap between two cuts in
 * which it lies now.
 */
export class Line implements Queued {
  queuedAt = Number.NaN;
  /** NaN while unknown, for `reason`. */
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

  /**
   * @param number in the index
   * @param tracked null for the latest value itself
   */
  constructor(
    readonly number: number,
    readonly clock: EventClock,
    readonly series: number,
    readonly key: string,
    readonly measure: Measure,
    readonly tracked: SeriesMeasure | null,
  ) {}
}

import type { SeriesTable } from '../plain/series-table';
import type { SeriesWatch } from './series-watch';

/** An event as rules look at it; (source, id) names it among its repetitions. */
export interface TakenEvent {
  source: string;
  id: string;
  value: number;
  at: number;
}

/** How an event is dated beside the latest one of its series. */
export type Dated = 'newer' | 'older' | 'tooLate' | 'repeated';

/**
 * A value dated as the last one counts as newer, unless it is the same one: where no window counts events that is no news,
 * least of all the end of a silence, but what a publisher's retry looks like. Windows tell repetitions by their ids.
 * @param watch undefined where no composed rule looks
 */
export function dateEvent(
  table: SeriesTable,
  series: number,
  watch: SeriesWatch | undefined,
  event: TakenEvent,
): Dated {
  const last = table.atOf(series);
  if (event.at > last) return 'newer';
  if (!watch?.seen && isTold(table, series, event)) return 'repeated';
  if (watch) return dateAmongSeen(watch, last, event);
  return event.at === last ? 'newer' : 'older';
}

function dateAmongSeen(
  { seen, allowedLatenessMs }: SeriesWatch,
  last: number,
  { source, id, at }: TakenEvent,
): Dated {
  const oldest = last - allowedLatenessMs;
  if (seen?.has(source, id, oldest)) return 'repeated';
  if (at === last) return 'newer';
  return at >= oldest ? 'older' : 'tooLate';
}

/** The series stands at this value since this time. */
export function isTold(table: SeriesTable, series: number, { value, at }: TakenEvent): boolean {
  return at === table.atOf(series) && value === table.valueOf(series);
}

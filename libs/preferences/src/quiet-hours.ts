import type { PreferenceSheet, QuietWindow } from '@app/contracts';
import { offsetMs, wallInstants } from '@app/wall-time';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A whole list of holidays between windows that touch is shorter; what is longer is no sheet that was checked. */
const MOST_SPANS = 400;

/** A time in which nothing may disturb the customer. */
export interface QuietSpan {
  /** Epoch ms of the first instant that is open again. */
  until: number;
  /** What holds at the instant that was asked about, not at the end. */
  because: 'quietHours' | 'holiday';
  /** Where it stands in the sheet: `sheet.quietHours.0`, `sheet.holidays.2026-12-25`. */
  ruleId: string;
  window: QuietWindow | null;
  holiday: string | null;
}

type QuietTimes = Pick<PreferenceSheet, 'quietHours' | 'holidays'>;

/**
 * Whether the customer wants quiet at an instant, and until when: windows and holidays that touch are one silence.
 *
 * Each edge is resolved for the local date on which its window starts. In a gap it is the first instant after the gap;
 * where clocks are put back, the start takes the earlier and the end the later reading. Half-open: the end is open.
 * @param timeZone IANA, of the customer
 * @returns null: it is open
 * @throws RangeError for a zone that is not known; such a one is refused when saved
 * @see docs/adr/0013-wall-time-has-one-home.md
 */
export function quietAt(times: QuietTimes, timeZone: string, at: number): QuietSpan | null {
  if (!times.quietHours?.length && !times.holidays?.length) return null;
  const first = longestAt(times, timeZone, at);
  if (!first) return null;
  let { until } = first;
  for (let spans = 1; spans < MOST_SPANS; spans += 1) {
    const next = longestAt(times, timeZone, until);
    if (!next) break;
    until = next.until;
  }
  return { ...first, until };
}

/** The first instant from `at` on at which the customer may be disturbed. */
export function openFrom(times: QuietTimes, timeZone: string, at: number): number {
  return quietAt(times, timeZone, at)?.until ?? at;
}

function longestAt(times: QuietTimes, timeZone: string, at: number): QuietSpan | null {
  const today = Math.floor((at + offsetMs(at, timeZone)) / DAY_MS);
  let longest: QuietSpan | null = null;
  // Yesterday's night reaches into today; tomorrow begins before today ends where clocks go back over midnight.
  for (let day = today - 1; day <= today + 1; day += 1) {
    for (const span of spansFrom(day, times)) {
      const until = wallInstants(span.to, timeZone).later;
      if (until <= at || wallInstants(span.from, timeZone).earlier > at) continue;
      if (!longest || until > longest.until) longest = { ...span.quiet, until };
    }
  }
  return longest;
}

interface WallSpan {
  /** Local times written as if they were universal time, ms. */
  from: number;
  to: number;
  quiet: Omit<QuietSpan, 'until'>;
}

/** What starts on a local day, counted from 1970-01-01. */
function spansFrom(day: number, { quietHours = [], holidays = [] }: QuietTimes): WallSpan[] {
  const midnight = day * DAY_MS;
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  const spans: WallSpan[] = [];
  quietHours.forEach((window, index) => {
    if (!window.days.includes(weekday)) return;
    const from = minutesOf(window.from);
    const to = minutesOf(window.to);
    spans.push({
      from: midnight + from * MINUTE_MS,
      to: midnight + to * MINUTE_MS + (to < from ? DAY_MS : 0),
      quiet: { because: 'quietHours', ruleId: `sheet.quietHours.${index}`, window, holiday: null },
    });
  });
  if (holidays.length === 0) return spans;
  const date = new Date(midnight).toISOString().slice(0, 10);
  if (!holidays.includes(date)) return spans;
  const quiet = {
    because: 'holiday',
    ruleId: `sheet.holidays.${date}`,
    window: null,
    holiday: date,
  } as const;
  return [...spans, { from: midnight, to: midnight + DAY_MS, quiet }];
}

/** Of a wall time `HH:MM`, since midnight. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

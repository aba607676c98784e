interface Clock {
  zone: string;
  long: Intl.DateTimeFormat;
  /** What it said last: alerts come in bursts, and asking costs 35 microseconds, a twentieth of all a text costs. */
  said: { minute: number; parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> };
}

const MINUTE_MS = 60_000;

/** Making a formatter costs a thousand times its use; there are some hundred zones. */
const clocks = new Map<string, Clock>();

function clockOf(timeZone: string): Clock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = makeClock(timeZone) ?? clockOf('UTC');
  if (clock.zone === timeZone) clocks.set(timeZone, clock);
  return clock;
}

function makeClock(timeZone: string): Clock | null {
  const parts = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    const long = new Intl.DateTimeFormat('en-GB', { timeZone, ...parts, ...time });
    return { zone: timeZone, long, said: { minute: Number.NaN, parts: {} } };
  } catch {
    return null; // a zone this build of Node does not know: better the time in UTC, named, than no message
  }
}

/** No zone of this century is off by seconds, so a minute there is a minute here. */
function partsAt(clock: Clock, at: number): Clock['said']['parts'] {
  const minute = Math.floor(at / MINUTE_MS);
  if (clock.said.minute !== minute) {
    const parts = Object.fromEntries(clock.long.formatToParts(at).map(({ type, value }) => [type, value]));
    clock.said = { minute, parts };
  }
  return clock.said.parts;
}

/**
 * An instant on the recipient's own clock, the zone always named.
 * @param at epoch ms
 * @param timeZone IANA
 * @param length `long` "Saturday 3 May 2025, 14:05 (Europe/Berlin)"; `short` "3 May, 14:05 (…)"; `time` "14:05 (…)"
 */
export function localTime(at: number, timeZone: string, length: 'long' | 'short' | 'time'): string {
  const clock = clockOf(timeZone);
  const { zone } = clock;
  const found = partsAt(clock, at);
  const time = `${found.hour}:${found.minute} (${zone})`;
  switch (length) {
    case 'long':
      return `${found.weekday} ${found.day} ${found.month} ${found.year}, ${time}`;
    case 'short':
      return `${found.day} ${found.month?.slice(0, 3)}, ${time}`;
    case 'time':
      return time;
    default:
      return length satisfies never;
  }
}

/**
 * From one instant to another on the recipient's own clock, the zone named once, and the day again only where it is another:
 * "from 3 May, 12:05 to 13:35 (Europe/Berlin)".
 */
export function localSpan(from: number, to: number, timeZone: string, length: 'long' | 'short'): string {
  const [start, end] = [localTime(from, timeZone, length), localTime(to, timeZone, length)];
  const [day = ''] = end.split(/, (?=\d\d:)/);
  const isSameDay = start.startsWith(`${day}, `) && to - from < 86_400_000;
  return `from ${start.replace(/ \([^)]*\)$/, '')} to ${isSameDay ? end.slice(day.length + 2) : end}`;
}

/** The zone that times are told in: the one asked for, or UTC where nobody knows that one. */
export function zoneToldIn(timeZone: string): string {
  return clockOf(timeZone).zone;
}

/** Without the zone, for a list whose end names it: "3 May, 14:05". */
export function localMinute(at: number, timeZone: string): string {
  return localTime(at, timeZone, 'short').replace(/ \([^)]*\)$/, '');
}

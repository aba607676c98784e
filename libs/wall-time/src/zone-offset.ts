/** Making a formatter costs a thousand times its use; there are some hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

const HOUR_MS = 3_600_000;
/** A zone's offset in each hour that was asked for lately; NaN where it changes within. */
const offsets = new Map<string, Map<number, number>>();
const HOURS_KEPT = 1_024;

/**
 * What the wall clock shows minus UTC, ms, whole seconds. Looked up once for each hour: to look it up takes microseconds,
 * and to find when a week's hours begin takes hundreds of answers.
 */
export function offsetMs(at: number, timeZone: string): number {
  const hour = Math.floor(at / HOUR_MS);
  let known = offsets.get(timeZone);
  if (!known) offsets.set(timeZone, (known = new Map()));
  let offset = known.get(hour);
  if (offset === undefined) {
    if (known.size >= HOURS_KEPT) known.clear();
    offset = lookUpOffset(hour * HOUR_MS, timeZone);
    if (lookUpOffset((hour + 1) * HOUR_MS, timeZone) !== offset) offset = Number.NaN;
    known.set(hour, offset);
  }
  return Number.isNaN(offset) ? lookUpOffset(at, timeZone) : offset;
}

function lookUpOffset(at: number, timeZone: string): number {
  const shown = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/.exec(formatOf(timeZone).format(at));
  const [, sign, hours, minutes, seconds = 0] = shown!;
  if (!sign) return 0;
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}

/** The instant in (from, to] at which the offset first differs from that at `from`, to the second; null: it does not. */
export function shiftBetween(from: number, to: number, timeZone: string): number | null {
  const offset = offsetMs(from, timeZone);
  if (offsetMs(to, timeZone) === offset) return null;
  let before = Math.floor(from / 1000);
  let after = Math.ceil(to / 1000);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(middle * 1000, timeZone) === offset) before = middle;
    else after = middle;
  }
  return after * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
}

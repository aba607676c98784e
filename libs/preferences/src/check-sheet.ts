import { CHANNELS } from '@app/contracts';
import type { Cap, Digest, PreferenceSheet, QuietWindow } from '@app/contracts';
import { minutesOf } from './quiet-hours';
import {
  checkDigest,
  checkSteps,
  checkTime,
  checkWeekday,
  TOPIC_NAME,
  type SheetProblem,
} from './sheet-problem';

const MOST_WINDOWS = 21;
const MOST_HOLIDAYS = 100;
const MOST_DIGESTS = 100;
const MOST_MESSAGES = 10_000;
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/**
 * Checks what a customer wants kept.
 * @param critical topics that wait for nobody, each with the reason that is shown for it
 * @returns every problem at once; a sheet without any can be planned with for ever
 */
export function checkSheet(sheet: PreferenceSheet, critical: ReadonlyMap<string, string>): SheetProblem[] {
  return [
    ...checkQuietHours(sheet.quietHours ?? []),
    ...checkHolidays(sheet.holidays ?? []),
    ...checkWhenOver(sheet.whenOver),
    ...checkDigests(sheet.digests ?? {}, critical),
    ...checkCaps(sheet.caps ?? {}),
    ...(sheet.steps ? checkSteps('steps', sheet.steps) : []),
  ];
}

function checkQuietHours(windows: readonly QuietWindow[]): SheetProblem[] {
  const field = 'quietHours';
  if (windows.length > MOST_WINDOWS)
    return [{ field, problem: `are ${windows.length} windows`, wouldBeRight: `at most ${MOST_WINDOWS}` }];
  const problems = windows.flatMap((window, index) => checkWindow(`${field}[${index}]`, window));
  if (problems.length > 0 || isEverOpen(windows)) return problems;
  const wouldBeRight = 'a week with open hours: what is never to be told is switched off instead';
  return [{ field, problem: 'leave no hour of the week open', wouldBeRight }];
}

function checkWindow(field: string, { days, from, to }: QuietWindow): SheetProblem[] {
  const problems = [
    ...days.flatMap((day, index) => checkWeekday(`${field}.days[${index}]`, day)),
    ...checkTime(`${field}.from`, from),
    ...checkTime(`${field}.to`, to),
  ];
  if (days.length === 0)
    problems.push({ field: `${field}.days`, problem: 'are empty', wouldBeRight: 'at least one weekday' });
  if (new Set(days).size < days.length)
    problems.push({ field: `${field}.days`, problem: 'name a day twice', wouldBeRight: 'each weekday once' });
  if (from === to) {
    const wouldBeRight = 'another time than from: equal ones could mean never or always';
    problems.push({ field: `${field}.to`, problem: 'is the same as from', wouldBeRight });
  }
  return problems;
}

function isEverOpen(windows: readonly QuietWindow[]): boolean {
  const isQuiet = new Uint8Array(WEEK_MINUTES);
  for (const { days, from, to } of windows) {
    const length = (minutesOf(to) - minutesOf(from) + DAY_MINUTES) % DAY_MINUTES;
    for (const day of days) {
      const start = (day - 1) * DAY_MINUTES + minutesOf(from);
      for (let minute = start; minute < start + length; minute += 1) isQuiet[minute % WEEK_MINUTES] = 1;
    }
  }
  return isQuiet.includes(0);
}

function checkHolidays(holidays: readonly string[]): SheetProblem[] {
  const field = 'holidays';
  if (holidays.length > MOST_HOLIDAYS)
    return [{ field, problem: `are ${holidays.length} days`, wouldBeRight: `at most ${MOST_HOLIDAYS}` }];
  if (new Set(holidays).size < holidays.length)
    return [{ field, problem: 'name a day twice', wouldBeRight: 'each day once' }];
  return holidays.flatMap((date, index) =>
    isDate(date)
      ? []
      : [
          {
            field: `${field}[${index}]`,
            problem: 'is not a date',
            wouldBeRight: 'YYYY-MM-DD, such as 2026-12-25',
          },
        ],
  );
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function checkWhenOver(whenOver: string | undefined): SheetProblem[] {
  if (whenOver === undefined || whenOver === 'reword' || whenOver === 'withdraw') return [];
  return [{ field: 'whenOver', problem: 'is not known', wouldBeRight: 'reword or withdraw' }];
}

function checkDigests(
  digests: Readonly<Record<string, Digest>>,
  critical: ReadonlyMap<string, string>,
): SheetProblem[] {
  const topics = Object.entries(digests);
  if (topics.length > MOST_DIGESTS)
    return [{ field: 'digests', problem: `are ${topics.length}`, wouldBeRight: `at most ${MOST_DIGESTS}` }];
  return topics.flatMap(([topic, digest]) => {
    const field = `digests.${topic}`;
    if (!TOPIC_NAME.test(topic)) {
      const wouldBeRight = 'lower case letters, digits and hyphens, such as alerts';
      return [{ field, problem: 'is not the name of a topic', wouldBeRight }];
    }
    const reason = critical.get(topic);
    if (reason !== undefined && digest.every !== 'time')
      return [{ field, problem: `cannot wait for a digest: ${reason}`, wouldBeRight: 'leave it out' }];
    return checkDigest(field, digest);
  });
}

function checkCaps(caps: NonNullable<PreferenceSheet['caps']>): SheetProblem[] {
  return Object.entries(caps).flatMap(([channel, cap]) => {
    const field = `caps.${channel}`;
    if (channel !== 'all' && !(CHANNELS as readonly string[]).includes(channel))
      return [{ field, problem: 'is not a channel', wouldBeRight: `all, ${CHANNELS.join(', ')}` }];
    return checkCap(field, cap);
  });
}

function checkCap(field: string, { perHour, perDay }: Cap): SheetProblem[] {
  if (perHour === undefined && perDay === undefined)
    return [{ field, problem: 'limits nothing', wouldBeRight: 'perHour, perDay or both' }];
  return Object.entries({ perHour, perDay }).flatMap(([span, limit]) => {
    const isFitting =
      limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= MOST_MESSAGES);
    const wouldBeRight = `a whole number from 1 to ${MOST_MESSAGES}`;
    return isFitting
      ? []
      : [{ field: `${field}.${span}`, problem: 'is not a number of messages', wouldBeRight }];
  });
}

import { within } from './check-measure';
import type { ActiveHours, NoticePolicy } from './notice-policy';
import { BOUNDS } from './rule-bounds';
import type { TermsProblem } from './rule-bounds';

/** Shorter would be a stream of messages, not a reminder. */
const PAUSE = { min: 60_000, max: BOUNDS.maxDurationMs };
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Checks which of an alert's moments are to be told.
 * @returns every problem at once, with paths below `notices`; time zones are known to exist
 */
export function checkNotices(policy: NoticePolicy): TermsProblem[] {
  const problems = [
    ...(policy.repeatEveryMs === null ? [] : within('repeatEvery', policy.repeatEveryMs, PAUSE)),
    ...(policy.cooldownMs === null ? [] : within('cooldown', policy.cooldownMs, PAUSE)),
    ...checkPerDay(policy.maxPerDay),
    ...checkNumberOfHours(policy.activeHours),
    ...policy.activeHours.flatMap((hours, index) =>
      checkHours(hours).map((problem) => ({ ...problem, field: `activeHours[${index}].${problem.field}` })),
    ),
  ];
  return problems.map((problem) => ({ ...problem, field: `notices.${problem.field}` }));
}

function checkPerDay(maxPerDay: number | null): TermsProblem[] {
  if (maxPerDay === null) return [];
  if (Number.isInteger(maxPerDay) && maxPerDay >= 1 && maxPerDay <= BOUNDS.maxPerDay) return [];
  const wouldBeRight = `a whole number from 1 to ${BOUNDS.maxPerDay}`;
  return [{ field: 'maxPerDay', problem: 'is not a number of messages', wouldBeRight }];
}

function checkNumberOfHours(activeHours: readonly ActiveHours[]): TermsProblem[] {
  if (activeHours.length <= BOUNDS.activeHours) return [];
  const problem = `are ${activeHours.length} ranges`;
  return [{ field: 'activeHours', problem, wouldBeRight: `at most ${BOUNDS.activeHours}` }];
}

function checkHours({ days, from, to }: ActiveHours): TermsProblem[] {
  const problems: TermsProblem[] = [];
  const isDay = (day: number): boolean => Number.isInteger(day) && day >= 1 && day <= 7;
  if (days.length === 0 || !days.every(isDay) || new Set(days).size < days.length) {
    const wouldBeRight = 'different ISO weekdays, 1 Monday to 7 Sunday';
    problems.push({ field: 'days', problem: 'are not days of the week', wouldBeRight });
  }
  for (const [field, time] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!TIME.test(time))
      problems.push({ field, problem: 'is not a time of day', wouldBeRight: 'HH:MM from 00:00 to 23:59' });
  }
  return problems;
}

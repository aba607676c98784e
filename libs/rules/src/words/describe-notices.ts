import type { ActiveHours, NoticePolicy } from '../notice-policy';
import { durationWords, eachWords } from './duration-words';

const DAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What a policy adds to "tells you when …, and again when …": whole sentences, in order, each only where it applies. */
export function describeNotices(policy: NoticePolicy, hasLevels: boolean): string[] {
  const { repeatEveryMs, cooldownMs, maxPerDay, activeHours, dampFlapping, timeZone } = policy;
  return [
    ...(hasLevels ? [LEVELS[policy.onLevel]] : []),
    ...(repeatEveryMs === null
      ? []
      : [`While it lasts, it says so again every ${eachWords(repeatEveryMs)}.`]),
    ...(cooldownMs === null
      ? []
      : [`After it told you of one, it holds further ones back for ${durationWords(cooldownMs)}.`]),
    ...(maxPerDay === null ? [] : [dayWords(maxPerDay, timeZone)]),
    ...(activeHours.length === 0 ? [] : [hoursWords(activeHours)]),
    ...(dampFlapping ? ['If it goes to and fro quickly, it says that once, and then once an hour.'] : []),
    ...(cooldownMs === null && maxPerDay === null && activeHours.length === 0
      ? []
      : ['How many it held back, it says with the next one.']),
  ];
}

const LEVELS: Record<NoticePolicy['onLevel'], string> = {
  rise: 'It tells of each step to a further level.',
  any: 'It tells of each step from one level to another, further out or back.',
  none: 'It does not tell of steps from one level to another.',
};

function dayWords(maxPerDay: number, timeZone: string): string {
  const many = maxPerDay === 1 ? 'once' : `${maxPerDay} times`;
  return `It tells of new ones at most ${many} a calendar day (midnight in ${timeZone}).`;
}

function hoursWords(hours: readonly ActiveHours[]): string {
  return `It tells only ${hours.map(windowWords).join(' and ')}; what began at another time and still lasts is told when the next one begins.`;
}

function windowWords({ days, from, to, timeZone }: ActiveHours): string {
  const end = from < to ? to : `${to} of the next day`;
  return `${weekWords(days)} from ${from} until before ${end} (${timeZone})`;
}

/** "Monday to Friday", "Saturday and Sunday", "every day". */
function weekWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  if (sorted.length === 7) return 'every day';
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${DAYS[first]} to ${DAYS[last]}`;
  const names = sorted.map((day) => DAYS[day]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

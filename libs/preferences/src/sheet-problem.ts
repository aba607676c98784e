import { CHANNELS } from '@app/contracts';
import type { Digest, FallbackStep } from '@app/contracts';

/** What is wrong with one field of a sheet or a policy, and what would be right. */
export interface SheetProblem {
  /** As one would write it in a program: `quietHours[0].from`. */
  field: string;
  problem: string;
  wouldBeRight: string;
}

/** A topic's name, as rules, switches and digests name it. */
export const TOPIC_NAME = /^[a-z][a-z0-9-]{0,49}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MOST_STEPS = 5;
/** Sooner, nobody could have looked; later, it is another day's message. */
const WAIT = { min: 10_000, max: 86_400_000 };

export function checkTime(field: string, time: string): SheetProblem[] {
  if (TIME.test(time)) return [];
  return [{ field, problem: 'is not a time of day', wouldBeRight: 'HH:MM from 00:00 to 23:59' }];
}

export function checkWeekday(field: string, day: number): SheetProblem[] {
  if (Number.isInteger(day) && day >= 1 && day <= 7) return [];
  return [
    { field, problem: 'is not a day of the week', wouldBeRight: 'an ISO weekday, 1 Monday to 7 Sunday' },
  ];
}

export function checkDigest(field: string, digest: Digest): SheetProblem[] {
  switch (digest.every) {
    case 'time':
    case 'hour':
      return [];
    case 'day':
      return checkTime(`${field}.at`, digest.at);
    case 'week':
      return [...checkWeekday(`${field}.day`, digest.day), ...checkTime(`${field}.at`, digest.at)];
    default:
      digest satisfies never;
      return [{ field: `${field}.every`, problem: 'is not known', wouldBeRight: 'time, hour, day or week' }];
  }
}

export function checkSteps(field: string, steps: readonly FallbackStep[]): SheetProblem[] {
  if (steps.length === 0)
    return [{ field, problem: 'are empty', wouldBeRight: 'at least one step, or none given at all' }];
  if (steps.length > MOST_STEPS)
    return [{ field, problem: `are ${steps.length}`, wouldBeRight: `at most ${MOST_STEPS} steps` }];
  return steps.flatMap((step, index) => checkStep(`${field}[${index}]`, step, index === steps.length - 1));
}

function checkStep(
  field: string,
  { channels, waitMs, stopOn }: FallbackStep,
  isLast: boolean,
): SheetProblem[] {
  const problems = checkChannels(`${field}.channels`, channels);
  const isFitting = Number.isInteger(waitMs) && waitMs >= WAIT.min && waitMs <= WAIT.max;
  if (!isFitting && !isLast)
    problems.push({
      field: `${field}.wait`,
      problem: 'is too short or too long',
      wouldBeRight: 'PT10S to P1D',
    });
  if (!['accepted', 'delivered', 'seen'].includes(stopOn)) {
    const wouldBeRight = 'accepted, delivered or seen';
    problems.push({ field: `${field}.stopOn`, problem: 'is not known', wouldBeRight });
  }
  return problems;
}

export function checkChannels(field: string, channels: readonly string[]): SheetProblem[] {
  if (channels.length === 0) return [{ field, problem: 'are empty', wouldBeRight: 'at least one channel' }];
  if (new Set(channels).size < channels.length)
    return [{ field, problem: 'name a channel twice', wouldBeRight: 'each channel once' }];
  const unknown = channels.find((channel) => !(CHANNELS as readonly string[]).includes(channel));
  return unknown === undefined
    ? []
    : [{ field, problem: `name ${unknown}, which is no channel`, wouldBeRight: CHANNELS.join(', ') }];
}

import type { NoticePolicy } from '../notice-policy';

/** Tells of every firing and recovery, at any time, until told otherwise. */
export function aNoticePolicy(rest: Partial<NoticePolicy> = {}): NoticePolicy {
  return {
    onRecovery: true,
    onLevel: 'rise',
    repeatEveryMs: null,
    cooldownMs: null,
    maxPerDay: null,
    timeZone: 'UTC',
    activeHours: [],
    dampFlapping: false,
    ...rest,
  };
}

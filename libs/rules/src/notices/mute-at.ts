import type { NoticePolicy } from '../notice-policy';
import { isActive, nextActiveAt } from './active-hours';
import type { Mutes } from './notice';

export interface Mute {
  reason: 'maintenance' | 'snoozed' | 'outsideHours';
  /** Epoch ms; another mute may begin there. Null: no end is in sight. */
  until: number | null;
}

/** The mute that holds at an instant, the strongest reason first; null: none. */
export function muteAt(
  policy: Pick<NoticePolicy, 'activeHours'>,
  { maintenance, snoozedUntil }: Mutes,
  at: number,
): Mute | null {
  const windows = maintenance.filter(({ from, until }) => from <= at && at < until);
  if (windows.length > 0) {
    return { reason: 'maintenance', until: Math.max(...windows.map(({ until }) => until)) };
  }
  if (snoozedUntil !== null && at < snoozedUntil) return { reason: 'snoozed', until: snoozedUntil };
  if (isActive(policy.activeHours, at)) return null;
  return { reason: 'outsideHours', until: nextActiveAt(policy.activeHours, at) };
}

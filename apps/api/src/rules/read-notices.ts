import type { NoticePolicy } from '@app/rules';
import type { Findings } from './findings';
import type { NoticesDto } from './notice.dto';

/**
 * The policy behind a customer's words.
 * @returns null where it holds nothing back and repeats nothing
 */
export function readNotices(
  given: NoticesDto | null | undefined,
  { onRecovery, timeZone }: Pick<NoticePolicy, 'onRecovery' | 'timeZone'>,
  findings: Findings,
): NoticePolicy | null {
  if (!given) return null;
  const policy: NoticePolicy = {
    onRecovery,
    onLevel: given.onLevel ?? 'rise',
    repeatEveryMs: findings.duration(given.repeatEvery),
    cooldownMs: findings.duration(given.cooldown),
    maxPerDay: given.maxPerDay ?? null,
    timeZone,
    activeHours: (given.activeHours ?? []).map(({ days, from, to, timeZone: own }) => ({
      timeZone: own ?? timeZone,
      days,
      from,
      to,
    })),
    dampFlapping: given.dampFlapping ?? false,
  };
  return holdsNothing(policy) ? null : policy;
}

function holdsNothing(policy: NoticePolicy): boolean {
  const { onLevel, repeatEveryMs, cooldownMs, maxPerDay, activeHours, dampFlapping } = policy;
  const isBare = repeatEveryMs === null && cooldownMs === null && maxPerDay === null;
  return onLevel === 'rise' && isBare && activeHours.length === 0 && !dampFlapping;
}

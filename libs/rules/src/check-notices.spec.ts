import { checkNotices } from './check-notices';
import type { ActiveHours, NoticePolicy } from './notice-policy';

const HOURS: ActiveHours = { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' };

function fieldsOf(policy: Partial<NoticePolicy>): string[] {
  return checkNotices({
    onRecovery: true,
    onLevel: 'rise',
    repeatEveryMs: null,
    cooldownMs: null,
    maxPerDay: null,
    timeZone: 'Europe/Berlin',
    activeHours: [],
    dampFlapping: false,
    ...policy,
  }).map(({ field }) => field);
}

describe('checking what is to be told', () => {
  it('lets a policy pass that says everything, overnight hours and whole days too', () => {
    const whole = { ...HOURS, days: [6, 7], from: '00:00', to: '00:00' };
    const all = { repeatEveryMs: 60_000, cooldownMs: 3_600_000, maxPerDay: 1, activeHours: [HOURS, whole] };
    expect(fieldsOf(all)).toEqual([]);
  });

  it.each<[Partial<NoticePolicy>, string[]]>([
    [{ repeatEveryMs: 59_999 }, ['notices.repeatEvery']],
    [{ cooldownMs: 0 }, ['notices.cooldown']],
    [{ maxPerDay: 0 }, ['notices.maxPerDay']],
    [{ maxPerDay: 1_001 }, ['notices.maxPerDay']],
    [{ activeHours: [{ ...HOURS, days: [] }] }, ['notices.activeHours[0].days']],
    [{ activeHours: [HOURS, { ...HOURS, days: [0, 8] }] }, ['notices.activeHours[1].days']],
    [{ activeHours: [{ ...HOURS, days: [1, 1] }] }, ['notices.activeHours[0].days']],
    [
      { activeHours: [{ ...HOURS, from: '24:00', to: '9:00' }] },
      ['notices.activeHours[0].from', 'notices.activeHours[0].to'],
    ],
    [{ activeHours: Array.from({ length: 21 }, () => HOURS) }, ['notices.activeHours']],
  ])('refuses %j at %j', (policy, fields) => {
    expect(fieldsOf(policy)).toEqual(fields);
  });
});

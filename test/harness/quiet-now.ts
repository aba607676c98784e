import type { PreferenceSheet } from '@app/contracts';

/** Quiet hours that began two hours ago and hold for two more at least, whatever the time of day. */
export function quietNow(timeZone = 'Europe/Berlin'): NonNullable<PreferenceSheet['quietHours']> {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  const hour = Number(clock.format());
  const at = (from: number): string => `${String((hour + from + 24) % 24).padStart(2, '0')}:00`;
  return [{ days: [1, 2, 3, 4, 5, 6, 7], from: at(-2), to: at(3) }];
}

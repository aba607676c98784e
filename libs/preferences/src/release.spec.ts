import type { PreferenceSheet } from '@app/contracts';
import { planDelivery, quietAt, RELEASE_SPREAD_MS, type Recipient } from '.';
import { aNotification, aRecipient, NOON } from './testing/a-recipient';

const HOUR_MS = 3_600_000;
/** 23:00 in Berlin. */
const LATE = NOON + 11 * HOUR_MS;
/** The next morning at 07:00 there. */
const SEVEN = NOON + 19 * HOUR_MS;
const NIGHT: PreferenceSheet = {
  quietHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }],
};
const PEOPLE = Array.from({ length: 10_000 }, (_, n) => `customer-${n}`);

function releaseOf(customerId: string, over: Partial<Recipient> = {}, now = LATE): (number | null)[] {
  const { contactPoints, ...recipient } = aRecipient({ customerId, sheet: NIGHT, ...over });
  const own = contactPoints.map((point) => ({ ...point, customerId }));
  const plan = planDelivery(aNotification({ customerId }), { ...recipient, contactPoints: own }, now);
  return plan.send.filter(({ channel }) => channel !== 'inbox').map(({ notBefore }) => notBefore);
}

describe('what was held for the night', () => {
  it('is told within three minutes of its end, evenly over all customers', () => {
    const minutes = [0, 0, 0];
    for (const id of PEOPLE) {
      const after = (releaseOf(id)[0] ?? 0) - SEVEN;
      expect(after).toBeGreaterThanOrEqual(0);
      expect(after).toBeLessThanOrEqual(RELEASE_SPREAD_MS);
      const minute = Math.min(2, Math.floor(after / 60_000));
      minutes[minute] = (minutes[minute] ?? 0) + 1;
    }
    for (const count of minutes) expect(Math.abs(count - PEOPLE.length / 3)).toBeLessThan(250);
  });

  it('is told to one customer at one instant, whatever the channel and however often it is planned', () => {
    for (const id of PEOPLE.slice(0, 50)) {
      expect(new Set([...releaseOf(id), ...releaseOf(id, {}, LATE + HOUR_MS)]).size).toBe(1);
    }
  });

  it('is told at its very end where another quiet begins before', () => {
    const narrow = { quietHours: [...(NIGHT.quietHours ?? []), { days: [6], from: '07:01', to: '09:00' }] };
    for (const id of PEOPLE.slice(0, 50)) {
      const [at] = releaseOf(id, { sheet: narrow });
      expect(quietAt(narrow, 'Europe/Berlin', at ?? 0)).toBeNull();
      expect((at ?? 0) - SEVEN).toBeLessThan(60_000);
    }
  });

  it('is not spread where it is urgent, nor where channels follow each other', () => {
    const steps = [{ channels: ['sms' as const], waitMs: 60_000, stopOn: 'seen' as const }];
    for (const id of PEOPLE.slice(0, 20))
      expect(releaseOf(id, { sheet: { ...NIGHT, steps } })).toEqual([SEVEN]);
    const urgent = planDelivery(aNotification({ lane: 'urgent' }), aRecipient({ sheet: NIGHT }), LATE);
    expect(urgent.send[0]?.notBefore).toBe(SEVEN);
  });
});

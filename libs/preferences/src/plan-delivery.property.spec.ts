import { CHANNELS, type Channel, type Notification } from '@app/contracts';
import fc from 'fast-check';
import { checkSheet, defaultPolicy, planDelivery, type CapUse, type Plan, type Recipient } from '.';
import { aCriticalTopic, aNotification, aRecipient, NOON } from './testing/a-recipient';
import { slowPlan } from './testing/slow-plan';

const HOUR_MS = 3_600_000;
/** Of the times that quiet ends at here: further apart than what it holds is spread. */
const HALF_HOUR_MS = 1_800_000;
/** Before and after them no clock of these zones shifts for a week. */
const ZONES = ['Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland'];
const ADDRESSED = CHANNELS.filter((channel) => channel !== 'inbox');

const channels = fc.uniqueArray(fc.constantFrom(...CHANNELS), { minLength: 1, maxLength: 4 });
const points = fc.uniqueArray(
  fc.record({
    contactPointId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    customerId: fc.constantFrom('ann', 'ann', 'ann', 'ann', 'bob'),
    channel: fc.constantFrom<Channel>(...ADDRESSED),
    address: fc.constant('somewhere'),
    verifiedAt: fc.constantFrom(null, new Date(0), new Date(0), new Date(0)),
  }),
  { selector: ({ contactPointId }) => contactPointId, minLength: 1 },
);
const time = fc
  .integer({ min: 0, max: 47 })
  .map((half) => new Date(half * 1_800_000).toISOString().slice(11, 16));
const window = fc
  .record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), from: time, to: time })
  .filter(({ from, to }) => from !== to);
const digest = fc.oneof(
  fc.constant({ every: 'time' as const }),
  fc.constant({ every: 'hour' as const }),
  time.map((at) => ({ every: 'day' as const, at })),
);
const cap = fc.record({ perHour: fc.integer({ min: 1, max: 3 }), perDay: fc.integer({ min: 1, max: 4 }) });
const step = fc.record({ channels, waitMs: fc.constant(60_000), stopOn: fc.constant('seen' as const) });
const steps = fc.array(step, { minLength: 1, maxLength: 3 });
const maybe = <T>(what: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(what, { nil: undefined });

const sheets = fc.record({
  quietHours: maybe(
    fc
      .array(window, { maxLength: 2 })
      .filter((quietHours) => checkSheet({ quietHours }, new Map()).length === 0),
  ),
  holidays: fc.constantFrom([], ['2026-11-20'], ['2026-11-21', '2026-11-22']),
  digests: maybe(digest.map((alerts) => ({ alerts }))),
  caps: maybe(fc.record({ sms: cap, all: cap, inbox: cap }, { requiredKeys: [] })),
  steps: maybe(steps),
});
const topics = fc
  .record({
    isCritical: fc.boolean(),
    channels: fc.option(channels),
    steps: fc.option(steps),
    isHourly: fc.boolean(),
  })
  .map(({ isCritical, isHourly, ...rest }) => ({
    ...(isCritical ? aCriticalTopic() : defaultPolicy('alerts')),
    ...rest,
    ...(isHourly && !isCritical ? { digest: { every: 'hour' as const } } : {}),
  }));
const used = fc.array(
  fc.record<CapUse>({
    channel: fc.constantFrom('sms', 'all'),
    span: fc.constantFrom('hour', 'day'),
    startsAt: fc.constant(NOON - HOUR_MS),
    used: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 3 },
);
const recipients = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    contactPoints: points,
    preferences: fc.array(
      fc.record({
        topic: fc.constantFrom('alerts', 'service'),
        channel: fc.constantFrom(...CHANNELS),
        enabled: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    sheet: sheets.map((sheet) =>
      Object.fromEntries(Object.entries(sheet).filter(([, value]) => value !== undefined)),
    ),
    topic: topics,
    suppressed: fc
      .uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 1 })
      .map((ids) => new Map(ids.map((id) => [id, 'bounced']))),
    used,
  })
  .map((over) => aRecipient(over));
const notifications = fc
  .record({ channels: fc.option(channels, { freq: 4 }) })
  .map((over) => aNotification(over));
const instants = fc.integer({ min: -48 * 60, max: 48 * 60 }).map((minutes) => NOON + minutes * 60_000);

function everyPlan(promise: (plan: Plan, to: Recipient, what: Notification, now: number) => void): void {
  const property = fc.property(notifications, recipients, instants, (what, to, now) =>
    promise(planDelivery(what, to, now), to, what, now),
  );
  fc.assert(property, { numRuns: 700 });
}

function keyOf({ channel, contactPointId }: { channel: Channel; contactPointId: string | null }): string {
  return contactPointId ?? channel;
}

function endOfQuiet(notBefore: number | null): number {
  return Math.floor((notBefore ?? 0) / HALF_HOUR_MS) * HALF_HOUR_MS;
}

describe('whatever a customer chose and an admin decided', () => {
  it('every way is told, held, gathered, kept for later or refused exactly as the slow plan says', () => {
    everyPlan((plan, to, what, now) => {
      const fates = plan.decisions
        .filter(({ reason }) => reason !== 'noUsableContactPoint')
        .map((each): [string, string] => {
          if (each.decision === 'sent') return [keyOf(each), 'sent'];
          if (each.decision !== 'deferred') return [keyOf(each), `${each.decision} ${each.reason}`];
          return [keyOf(each), `deferred ${endOfQuiet(each.notBefore)}`];
        });
      expect(new Map(fates)).toEqual(slowPlan(what, to, now));
    });
  });

  it('what is held is told on every way at one instant, at most three minutes after its end, and at it in an order', () => {
    everyPlan(({ send }, { sheet, topic }) => {
      const held = send.flatMap(({ notBefore }) => notBefore ?? []);
      if (held.length === 0) return;
      expect(new Set(held).size).toBe(1);
      const [at = 0] = held;
      const after = at - endOfQuiet(at);
      expect(after).toBeLessThanOrEqual(180_000);
      if (sheet.steps ?? topic.steps) expect(after).toBe(0);
    });
  });

  it('nothing is dropped: each way ends once, and what is to go is sent, held or in a digest', () => {
    everyPlan(({ send, digest, decisions }, to) => {
      const ways = [...to.contactPoints.map(({ contactPointId }) => contactPointId), 'inbox'];
      const keys = decisions.filter(({ reason }) => reason !== 'noUsableContactPoint').map(keyOf);
      expect([...keys].sort()).toEqual([...ways].sort());
      const decided = (...wanted: string[]): string[] =>
        decisions.filter(({ decision }) => wanted.includes(decision)).map(keyOf);
      expect(send.map(keyOf)).toEqual(decided('sent', 'deferred'));
      expect(digest.map(keyOf)).toEqual(decided('digested', 'capped'));
    });
  });

  it('what is critical is never held, gathered or capped, and reaches whoever can be reached', () => {
    everyPlan(({ send, digest, steps: next, decisions }, to) => {
      if (!to.topic.isCritical) return;
      expect(digest).toEqual([]);
      expect(send.every(({ notBefore }) => notBefore === null)).toBe(true);
      const usable = to.contactPoints.filter(
        (each) => each.verifiedAt && each.customerId === 'ann' && !to.suppressed.has(each.contactPointId),
      );
      const isHeard = next !== null || send.some(({ channel }) => channel !== 'inbox');
      if (usable.length > 0) expect(isHeard).toBe(true);
      expect(decisions.some(({ reason }) => reason === 'switchedOff')).toBe(false);
    });
  });

  it('nothing goes to an address that is unproven, suppressed or a stranger’s', () => {
    everyPlan(({ send, digest }, to) => {
      for (const { contactPointId } of [...send, ...digest]) {
        if (contactPointId === null) continue;
        const point = to.contactPoints.find((each) => each.contactPointId === contactPointId);
        expect(point).toMatchObject({ customerId: 'ann', verifiedAt: expect.any(Date) as Date });
        expect(to.suppressed.has(contactPointId)).toBe(false);
      }
    });
  });

  it('what waits is told at an instant that is later and open', () => {
    everyPlan(({ send, digest, steps: next }, to, what, now) => {
      for (const at of [...send.map((each) => each.notBefore), ...digest.map((each) => each.closesAt)]) {
        if (at === null) continue;
        expect(at).toBeGreaterThan(now);
        const then = slowPlan(
          what,
          { ...to, sheet: { ...to.sheet, digests: { alerts: { every: 'time' } } } },
          at,
        );
        expect([...then.values()].some((fate) => fate.startsWith('deferred'))).toBe(false);
      }
      if (next) expect(next.dueAt).toBeGreaterThanOrEqual(now + 60_000);
    });
  });

  it('later steps are planned to their end, each way once', () => {
    everyPlan((first, to, what) => {
      const told = first.send.map(keyOf);
      let isGathered = false;
      let [plan, turns] = [first, 0];
      while (plan.steps && turns < 9) {
        plan = planDelivery(what, { ...to, fromStep: plan.steps.nextStep }, plan.steps.dueAt);
        expect(plan.decisions.length).toBeGreaterThan(0);
        told.push(...plan.send.map(keyOf), ...plan.digest.map(keyOf));
        isGathered ||= plan.digest.length > 0;
        turns += 1;
      }
      expect(turns).toBeLessThan(3);
      const later = first.decisions.filter(({ decision }) => decision === 'fallback').map(keyOf);
      // A digest on one step stands for those after it: they are not come to.
      if (first.steps && !isGathered) expect(told).toEqual(expect.arrayContaining(later));
      if (!first.steps) expect(later).toEqual([]);
    });
  });
});

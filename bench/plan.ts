import type { Channel, ContactPoint, Notification, PreferenceSheet } from '@app/contracts';
import { defaultPolicy, planDelivery, type CapUse, type Recipient } from '@app/preferences';
import { cpuSeconds } from './match/cpu-clock';
import { judged, median, type Bench } from './report';

const CUSTOMERS = 20_000;
const EACH = 5;
const RUNS = 5;
const GOAL = 20_000;
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
];
const CHANNELS: readonly Channel[] = ['sms', 'email', 'push'];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** The evening of the autumn shift in Berlin: some zones sleep, some do not, and some nights have an hour more. */
const START = Date.UTC(2026, 9, 24, 20);
const HOUR_MS = 3_600_000;

/**
 * The pure planner in one process, without the store: four ways each (three contact points and the inbox), every customer
 * with quiet hours and holidays, every second with caps, every third with a digest, every fourth with an order of channels.
 */
export const plan: Bench = {
  name: 'plan',
  run(report) {
    const recipients = Array.from({ length: CUSTOMERS }, (_, index) => aRecipient(index));
    const rates: number[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const rate = planAll(recipients, START + run * HOUR_MS);
      if (run > 0) rates.push(rate); // the first one warms up
    }
    report(
      judged({
        bench: 'plan',
        case: `pure planning in process, ${CUSTOMERS} customers, quiet hours, caps and digests`,
        unit: 'notifications/s',
        ours: Math.round(median(rates)),
        goal: GOAL,
        better: 'higher',
      }),
    );
    return Promise.resolve();
  },
};

/** @returns notifications a second of processor time: nothing here waits or talks to anybody */
function planAll(recipients: readonly Recipient[], from: number): number {
  const used = recipients.map((): CapUse[] => []);
  let [sent, waiting, decided] = [0, 0, 0];
  const started = cpuSeconds();
  for (let round = 0; round < EACH; round += 1) {
    recipients.forEach((recipient, index) => {
      const now = from + round * 600_000 + index;
      const planned = planDelivery(
        aNotification(recipient, now),
        { ...recipient, used: used[index] ?? [] },
        now,
      );
      used[index]?.push(...planned.capUse);
      sent += planned.send.length;
      waiting += planned.digest.length + (planned.steps ? 1 : 0);
      decided += planned.decisions.length;
    });
  }
  const seconds = cpuSeconds() - started;
  const count = recipients.length * EACH;
  if (sent === 0 || waiting === 0 || decided < 4 * count)
    throw new Error('the plans are not what they should be');
  return count / seconds;
}

function aRecipient(index: number): Recipient {
  const customerId = `customer-${index}`;
  const sheet: PreferenceSheet = {
    quietHours: [
      { days: EVERY_DAY, from: '22:00', to: '07:00' },
      { days: [6, 7], from: '13:00', to: '15:30' },
    ],
    holidays: ['2026-10-25', '2026-12-25', '2026-12-26'],
    ...(index % 2 === 0 ? { caps: { sms: { perHour: 2, perDay: 10 }, all: { perDay: 40 } } } : {}),
    ...(index % 3 === 0 ? { digests: { alerts: { every: 'day', at: '18:00' } } } : {}),
    ...(index % 4 === 0
      ? {
          steps: [
            { channels: ['push'], waitMs: 600_000, stopOn: 'seen' },
            { channels: ['sms', 'email'], waitMs: 0, stopOn: 'seen' },
          ],
        }
      : {}),
  };
  return {
    ...{ customerId, sheet, sheetVersion: 1, told: null, suppressed: new Map(), used: [], fromStep: 0 },
    timeZone: ZONES[index % ZONES.length] ?? 'UTC',
    topic: defaultPolicy('alerts'),
    contactPoints: CHANNELS.map((channel) => aPoint(customerId, channel)),
    preferences: index % 5 === 0 ? [{ topic: 'alerts', channel: 'email', enabled: false }] : [],
  };
}

function aPoint(customerId: string, channel: Channel): ContactPoint {
  const contactPointId = `${customerId}-${channel}`;
  return { contactPointId, customerId, channel, address: contactPointId, verifiedAt: new Date(START) };
}

function aNotification({ customerId }: Recipient, causedAt: number): Notification {
  const facts = {
    ...{
      alertId: 'a',
      ruleId: 'r',
      ruleTitle: '',
      condition: 'is below 100.00 EUR',
      metric: 'account.balance',
    },
    ...{ metricTitle: 'balance', unit: 'EUR', scale: 2, subject: 'account:42', value: 9_900 },
    ...{ at: causedAt, openedAt: causedAt },
  };
  return {
    ...{ notificationId: 'n', customerId, topic: 'alerts', lane: 'normal', channels: null, causedAt },
    body: { kind: 'alertFired', facts },
  };
}

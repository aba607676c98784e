import type {
  AlertFacts,
  DigestFacts,
  NotificationBody,
  NotificationKind,
  ServiceAlertFacts,
} from '@app/contracts';
import type { Recipient } from './draft';

/** Who reads the samples: a name that escaping would change, and a clock that is not UTC. */
export const SAMPLE_RECIPIENT: Recipient = { name: "Ada O'Hara", timeZone: 'Europe/Berlin', language: 'en' };

export const SAMPLE_LINKS = {
  preferences: 'https://alerts.example/preferences/sample',
  unsubscribe: 'https://alerts.example/unsubscribe/sample',
};

const AT = Date.UTC(2026, 4, 2, 12, 5);

const ALERT: AlertFacts = {
  alertId: '00000000-0000-4000-8000-000000000001',
  ruleId: '00000000-0000-4000-8000-000000000002',
  ruleTitle: 'Rent & <savings>',
  condition: 'is below 100.00 EUR',
  metric: 'account.balance',
  metricTitle: 'balance',
  unit: 'EUR',
  scale: 2,
  subject: 'account:42',
  owned: true,
  value: 9_210,
  at: AT,
  openedAt: AT - 7_500_000,
  severity: 'warning',
  suppressed: 2,
  changes: 11,
  isFiring: true,
};
/** With as little as a notification can have. */
const BARE: AlertFacts = {
  ...ALERT,
  ruleTitle: '',
  severity: null,
  openedBy: 'noData',
  unit: '',
  suppressed: 0,
};

const CONTACT_POINT = ALERT.alertId;
const ALERTS = [ALERT, BARE];

type Samples = { [Body in NotificationBody as Body['kind']]: readonly Body['facts'][] };

/** Of each kind one with everything and, where that differs, one with as little as there can be. */
const SAMPLES: Samples = {
  alertFired: ALERTS,
  alertRecovered: ALERTS,
  alertLevel: ALERTS,
  alertRepeated: ALERTS,
  alertUnstable: ALERTS,
  alertSettled: ALERTS,
  serviceAlert: [
    serviceAlert('Cards', 'Cards work again.\nWe are sorry for the trouble.'),
    serviceAlert('', 'Cards work again.'),
  ],
  digest: [digest(1, 1), digest(20, 34)],
  contactPointLost: [
    {
      contactPointId: CONTACT_POINT,
      channel: 'sms',
      addressHint: '+49…78',
      reason: 'the number no longer exists',
    },
  ],
  answer: [{ contactPointId: CONTACT_POINT, text: 'Your alert is silent until 14:05.' }],
  verificationCode: [{ contactPointId: CONTACT_POINT, code: '482915', expiresAt: AT }],
};

/** What a template of this kind must be able to write; at least one. */
export function sampleBodies(kind: NotificationKind): NotificationBody[] {
  return SAMPLES[kind].map((facts) => ({ kind, facts }) as NotificationBody);
}

function serviceAlert(title: string, text: string): ServiceAlertFacts {
  return { serviceAlertId: ALERT.alertId, title, text, severity: 'info' };
}

function digest(items: number, count: number): DigestFacts {
  const item = {
    notificationId: ALERT.alertId,
    body: { kind: 'alertFired', facts: ALERT } as const,
    causedAt: AT,
  };
  return {
    digestId: ALERT.alertId,
    contactPointId: null,
    items: Array.from({ length: items }, () => item),
    count,
    because: 'digest',
  };
}

import type { Channel, ContactPoint, Notification, NotificationBody, TopicPolicy } from '@app/contracts';
import { defaultPolicy } from '../default-policies';
import { plainRecipient, type Recipient } from '../recipient';

/** Friday, noon in Berlin and an hour earlier in London. */
export const NOON = Date.UTC(2026, 10, 20, 11);

export const FIRING = {
  kind: 'alertFired',
  facts: {
    ...{ alertId: 'alert-1', ruleId: 'rule-1', ruleTitle: '', condition: 'is below 100.00 EUR' },
    ...{ metric: 'account.balance', metricTitle: 'balance', unit: 'EUR', scale: 2, subject: 'account:42' },
    ...{ value: 9_900, at: NOON, openedAt: NOON },
  },
} as const satisfies NotificationBody;

export function aNotification(over: Partial<Notification> = {}): Notification {
  return {
    ...{
      notificationId: 'notification-1',
      customerId: 'ann',
      topic: 'alerts',
      lane: 'normal',
      channels: null,
    },
    ...{ body: FIRING, causedAt: NOON },
    ...over,
  };
}

/** Verified; its id is `sms-1` for a text message. */
export function aPoint(channel: Channel, over: Partial<ContactPoint> = {}): ContactPoint {
  const contactPointId = `${channel}-1`;
  return {
    ...{
      contactPointId,
      customerId: 'ann',
      channel,
      address: `to ${contactPointId}`,
      verifiedAt: new Date(0),
    },
    ...over,
  };
}

/** In Berlin, with telephone, mail and push, who never chose anything. */
export function aRecipient(over: Partial<Recipient> = {}): Recipient {
  return {
    ...plainRecipient({
      customerId: 'ann',
      contactPoints: [aPoint('sms'), aPoint('email'), aPoint('push')],
      preferences: [],
      topic: defaultPolicy('alerts'),
    }),
    timeZone: 'Europe/Berlin',
    sheetVersion: 3,
    ...over,
  };
}

export function aCriticalTopic(over: Partial<TopicPolicy> = {}): TopicPolicy {
  return {
    ...defaultPolicy('alerts'),
    isCritical: true,
    criticalReason: 'It protects your money.',
    ...over,
  };
}

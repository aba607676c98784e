import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@app/contracts';

/** A message to the inbox that is good for an hour; every call has ids of its own. */
export function aMessage(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const deliveryId = randomUUID();
  const causedAt = Date.now();
  return {
    deliveryId,
    attemptId: randomUUID(),
    channel: 'inbox',
    to: 'customer-1',
    subject: 'Balance of account 42 is 92.10 EUR',
    text: `Your balance on account 42 is now 92.10 EUR. (${deliveryId})`,
    html: '<p>Your balance on account 42 is now <b>92.10 EUR</b>.</p>',
    expiresAt: causedAt + 3_600_000,
    urgent: false,
    keys: null,
    links: null,
    about: {
      notificationId: randomUUID(),
      topic: 'service',
      body: {
        kind: 'serviceAlert',
        facts: { serviceAlertId: randomUUID(), title: 'Cards', text: 'Cards work again.', severity: 'info' },
      },
      causedAt,
    },
    ...over,
  };
}

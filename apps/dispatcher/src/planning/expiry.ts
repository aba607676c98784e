import type { Notification } from '@app/contracts';

const DAY_MS = 24 * 3_600_000;

/** Epoch ms after which a message would only confuse: a code dies with its validity, the rest after a day. */
export function expiryOf(notification: Pick<Notification, 'body'>, now: number): number {
  return notification.body.kind === 'verificationCode' ? notification.body.facts.expiresAt : now + DAY_MS;
}

import type { Notification, TopicPolicy } from '@app/contracts';

/**
 * Epoch ms after which a message would only confuse: a code dies with its validity, the rest by its topic.
 * @param from when it may go: what is held for the night has all its time in the morning
 */
export function expiryOf(
  { body }: Pick<Notification, 'body'>,
  { ttlMs }: Pick<TopicPolicy, 'ttlMs'>,
  from: number,
): number {
  return body.kind === 'verificationCode' ? body.facts.expiresAt : from + ttlMs;
}

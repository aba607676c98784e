import { renderMessage, type ChannelRegistry } from '@app/channels';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';

/**
 * Stage 7: writes the message in the recipient's words and zone and hands it to the channel.
 * @param timeoutMs the call is given up after it, and is ambiguous then
 * @returns never rejects
 */
export async function sendDelivery(
  delivery: ClaimedDelivery,
  channels: ChannelRegistry,
  timeoutMs: number,
): Promise<SendOutcome> {
  if (delivery.address === null) return { kind: 'rejected', reason: 'contactPointGone' };
  const message = writeMessage(delivery, delivery.address);
  if (!message) return { kind: 'rejected', reason: 'cannotBeWritten' };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await channels.get(delivery.channel).send(message, timeout);
  } catch {
    return { kind: 'ambiguous', reason: 'providerError' }; // an adapter's bug: nobody can know what left
  }
}

function writeMessage(delivery: ClaimedDelivery, to: string): OutgoingMessage | undefined {
  const { deliveryId, attemptId, channel, expiresAt, notificationId, topic, body, causedAt } = delivery;
  try {
    return {
      deliveryId,
      attemptId,
      channel,
      to,
      expiresAt,
      urgent: delivery.lane === 'urgent',
      keys: null,
      links: null,
      about: { notificationId, topic, body, causedAt },
      ...renderMessage(delivery.body, channel, delivery.recipient),
    };
  } catch {
    return undefined; // facts of an older version: the delivery fails with its reason, those behind it go on
  }
}

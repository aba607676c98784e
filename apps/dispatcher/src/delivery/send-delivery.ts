import type { ChannelAdapter, MessageWriter } from '@app/channels';
import type { MessageLinks, OutgoingMessage, SendOutcome } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';

/** Writes the signed links of a message; null where there is nothing to link to. */
export type LinksOf = (
  delivery: Pick<ClaimedDelivery, 'customerId' | 'contactPointId' | 'topic' | 'channel' | 'body'>,
) => MessageLinks | null;

/**
 * Stage 7: hands a written message to its carrier.
 * @param timeoutMs the call is given up after it, and is ambiguous then
 * @returns never rejects
 */
export async function sendMessage(
  message: OutgoingMessage,
  carrier: ChannelAdapter,
  timeoutMs: number,
): Promise<SendOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await carrier.send(message, timeout);
  } catch {
    return { kind: 'ambiguous', reason: 'providerError' }; // an adapter's bug: nobody can know what left
  }
}

/** In the recipient's words and zone; or why it cannot be written. */
export function writeMessage(
  delivery: ClaimedDelivery,
  { linksOf, writer }: { linksOf: LinksOf; writer: MessageWriter },
): OutgoingMessage | Extract<SendOutcome, { kind: 'rejected' }> {
  if (delivery.address === null) return { kind: 'rejected', reason: 'contactPointGone' };
  const { deliveryId, attemptId, channel, expiresAt, notificationId, topic, body, causedAt } = delivery;
  const { recipient } = delivery;
  try {
    const links = linksOf(delivery);
    return {
      deliveryId,
      attemptId,
      channel,
      to: delivery.address,
      expiresAt,
      urgent: delivery.lane === 'urgent',
      keys: delivery.keys,
      links,
      about: { notificationId, topic, body, causedAt },
      ...writer.write({ body, channel, recipient, topic, links }),
    };
  } catch {
    return { kind: 'rejected', reason: 'cannotBeWritten' }; // facts of an older version: those behind it go on
  }
}

import type { Channel, DeliveryState } from '@app/contracts';
import { HEARD_WITHIN_MS, type ExplainedDecision, type ExplainedDelivery } from '@app/persistence';
import { whyWords, type KeptDecision } from '@app/preferences';
import type { WhyView } from './why.dto';

/** Channels whose providers can say more than that they took it. */
const HAVE_RECEIPTS: ReadonlySet<Channel | null> = new Set<Channel>(['sms', 'voice', 'email']);

/**
 * Decisions as their customer reads them, in the order in which they were made.
 * @param title of the topic
 * @param now epoch ms
 */
export function explain(decisions: readonly ExplainedDecision[], title: string, now: number): WhyView[] {
  const latest = new Map(decisions.map((decision, index) => [wayOf(decision), index]));
  return decisions.map((decision, index) => {
    const isCurrent = latest.get(wayOf(decision)) === index;
    const { channel, contactPointId, address, reason, decidedAt, notBefore } = decision;
    const detail = decision.detail as KeptDecision['detail'];
    const delivery = isCurrent ? decision.delivery : null;
    const outcome =
      delivery && decision.decision !== 'withdrawn' ? outcomeWords(delivery, isUnknown(decision, now)) : '';
    const words = [whyWords({ ...decision, detail }, title), outcome];
    return {
      ...{
        channel,
        contactPointId,
        address,
        decision: decision.decision,
        reason,
        decidedAt,
        notBefore,
        isCurrent,
      },
      words: words.join(' ').trim(),
      detail: detail && { ...detail },
      delivery: delivery && viewOf(delivery),
    };
  });
}

function wayOf({ channel, contactPointId }: ExplainedDecision): string {
  return `${channel} ${contactPointId}`;
}

function viewOf({ deliveryId, state, reason, receipt }: ExplainedDelivery): WhyView['delivery'] {
  return { deliveryId, state, reason, receipt };
}

/** What has become of it; nothing where the decision already says all there is. */
function outcomeWords({ state, reason, receipt }: ExplainedDelivery, isEndUnknown: boolean): string {
  if (receipt === 'delivered') return 'It has arrived.';
  if (receipt === 'seen') return 'It has been seen.';
  if (receipt === 'undelivered' || receipt === 'bounced') return 'It could not be delivered.';
  if (receipt === 'complained') return 'It was reported as unwanted.';
  if (isEndUnknown) return 'It was handed over; whether it arrived is not known.';
  const because = reason ? ` (${reason})` : '';
  return OUTCOMES[state].replace('{because}', because);
}

function isUnknown({ channel, delivery }: ExplainedDecision, now: number): boolean {
  if (delivery?.state !== 'accepted' || !HAVE_RECEIPTS.has(channel)) return false;
  const isSilent = delivery.receipt === null || delivery.receipt === 'sent';
  return isSilent && now - Date.parse(delivery.finishedAt ?? '') > HEARD_WITHIN_MS;
}

const OUTCOMES: Record<DeliveryState, string> = {
  pending: '',
  sending: 'It is going out now.',
  retry: 'It did not go out at the first try{because}, and is tried again.',
  accepted: 'It was handed over.',
  ambiguous: 'It may or may not have gone out{because}.',
  failed: 'It could not be sent{because}.',
  expired: 'Its time passed before it could go out{because}.',
  cancelled: 'It was cancelled before it went out.',
  withdrawn: 'It was withdrawn before it went out{because}.',
};

import type { DigestFacts } from '@app/contracts';
import type { ClosedDigest, GatheredItem, ToldDigest } from '@app/persistence';
import { recheckDeferred } from '@app/preferences';
import { derivedId } from '../pipeline/derived-id';

/** More than these nobody reads; the message says how many there were. */
const MOST_ITEMS = 20;

/**
 * What a closed digest says: each of its items as it is now. What is over says so or is left out, as the customer chose;
 * where nothing is left, nothing is said. Its notification's id is derived, so that a digest is told once.
 */
export function tellDigest(digest: ClosedDigest): ToldDigest {
  const { digestId, customerId, topic, channel, contactPointId, because } = digest;
  const looked = digest.items.map((item) => ({ item, now: lookAgain(item, digest) }));
  const told = looked.flatMap(({ item, now }) =>
    now.outcome === 'leftOut'
      ? []
      : [{ notificationId: item.notificationId, body: now.body, causedAt: item.causedAt }],
  );
  const facts: DigestFacts = {
    ...{ digestId, contactPointId, because },
    items: told.slice(0, MOST_ITEMS),
    count: told.length,
  };
  return {
    ...{ digestId, customerId, topic, channel },
    notification: told.length > 0 ? { notificationId: derivedId('digest', digestId), facts } : null,
    outcomes: looked.map(({ item: { notificationId, way }, now: { outcome, reason } }) => ({
      ...{ notificationId, way, outcome, reason },
    })),
  };
}

type Look = Pick<ToldDigest['outcomes'][number], 'outcome' | 'reason'> & Pick<GatheredItem, 'body'>;

function lookAgain(item: GatheredItem, { whenOver }: Pick<ClosedDigest, 'whenOver'>): Look {
  const { body } = item;
  if (item.isCancelled) return { outcome: 'leftOut', reason: 'serviceAlertCancelled', body };
  const rechecked = recheckDeferred(body, item, whenOver);
  switch (rechecked.kind) {
    case 'asItIs':
      return { outcome: 'told', reason: null, body };
    case 'reworded':
      return { outcome: 'reworded', reason: null, body: rechecked.body };
    case 'withdrawn':
      return { outcome: 'leftOut', reason: rechecked.reason, body };
    default:
      return rechecked satisfies never;
  }
}

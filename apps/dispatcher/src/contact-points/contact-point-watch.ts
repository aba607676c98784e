import type { Channel, SendOutcome } from '@app/contracts';
import type { ClaimedDelivery, ContactPointHealthStore } from '@app/persistence';

/** Whose far end is the customer's own, so that its failures are about the contact point and about nobody else. */
const OWN_FAR_END: ReadonlySet<Channel> = new Set(['webhook', 'push', 'chat']);
/** Behind these the customer's own server answers; behind a push or a chat stands a service that fails for all at once. */
const OWN_SERVER: ReadonlySet<Channel> = new Set(['webhook']);

/** As long as the tries for one event last by Standard Webhooks, 75.6 h: whoever takes nothing in so long has left. */
export const PATIENCE_MS = 75.6 * 3_600_000;

/** What says nothing about the contact point: it asks for patience, or we ended the call or failed ourselves. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['throttled', 'aborted', 'expired', 'internalError']);

type Verdict = 'well' | 'ill' | 'gone' | 'nothing';

/** What one outcome says about its contact point. */
export function verdictOn(channel: Channel, outcome: SendOutcome): Verdict {
  if (!OWN_FAR_END.has(channel)) return 'nothing';
  if (outcome.kind === 'accepted') return 'well';
  if (outcome.kind === 'rejected' && outcome.reason === 'invalidAddress') return 'gone';
  return OWN_SERVER.has(channel) && !NOT_ITS_FAULT.has(outcome.reason) ? 'ill' : 'nothing';
}

/** Switches contact points off whose far end is gone, or has taken nothing in for days; their owners hear of it. */
export class ContactPointWatch {
  constructor(
    private readonly store: ContactPointHealthStore,
    private readonly onTrouble: (message: string, error: unknown) => void,
  ) {}

  /** Looks at an outcome that was just recorded; never rejects, and what it misses the next outcome shows again. */
  async heard(
    {
      deliveryId,
      contactPointId,
      channel,
    }: Pick<ClaimedDelivery, 'deliveryId' | 'contactPointId' | 'channel'>,
    outcome: SendOutcome,
  ): Promise<void> {
    const verdict = verdictOn(channel, outcome);
    if (contactPointId === null || verdict === 'nothing') return;
    const point = { contactPointId, causeId: deliveryId };
    try {
      if (verdict === 'well') await this.store.noteWell(contactPointId);
      else if (verdict === 'gone') await this.store.disable(point, 'gone');
      else if (((await this.store.noteIll(contactPointId)) ?? 0) >= PATIENCE_MS)
        await this.store.disable(point, 'failing');
    } catch (error) {
      this.onTrouble('the state of a contact point could not be noted', error);
    }
  }
}

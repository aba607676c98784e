import { isWebhookKeys, newWebhookKeys, rotateWebhookKeys } from '@app/channels';
import type {
  AuditStore,
  ContactBookStore,
  KeptContactPoint,
  ReplayWish,
  WebhookReplayStore,
} from '@app/persistence';
import { conflict, invalid, notFound } from '../http/problem';
import type { ReplayDto } from './contact-point.dto';

/** In one request; whoever needs more asks again from where it ended. */
const MOST_AT_ONCE = 1_000;

/** What only web hooks can: new secrets, and events once more. */
export class Webhooks {
  constructor(
    private readonly book: ContactBookStore,
    private readonly replays: WebhookReplayStore,
    private readonly audit: AuditStore,
  ) {}

  /**
   * Gives a web hook new secrets. While those before still sign, another exchange would end them under a receiver that
   * has not changed over yet, so it is refused, unless they are compromised.
   */
  async rotate(
    { customerId, contactPointId }: { customerId: string; contactPointId: string },
    isCompromised: boolean,
    actor: string,
  ): Promise<KeptContactPoint> {
    const now = Date.now();
    const point = await this.book.exchangeKeys(customerId, contactPointId, ({ keys }) => {
      if (!isWebhookKeys(keys)) throw notAWebhook();
      if (isCompromised) return { ...newWebhookKeys() };
      if (Number(keys.previousUntil ?? 0) > now) throw stillRotating(Number(keys.previousUntil));
      return { ...rotateWebhookKeys(keys, now) };
    });
    if (!point) throw notFound('contact point');
    const detail = { contactPointId, isCompromised };
    await this.audit.add({ actor, action: 'webhookSecret.rotated', customerId, detail });
    return point;
  }

  /** @returns how many deliveries go again */
  async replay(
    { customerId, contactPointId }: { customerId: string; contactPointId: string },
    wish: ReplayDto,
  ): Promise<number> {
    const chosen = readChoice(wish);
    const point = await this.book.find(customerId, contactPointId);
    if (!point) throw notFound('contact point');
    if (!isWebhookKeys(point.keys)) throw notAWebhook();
    if (!point.verifiedAt || point.disabledAt)
      throw conflict('not-usable', 'Nothing is sent there now: prove it by a code first.');
    const replayed = await this.replays.replay({ customerId, contactPointId, ...chosen }, MOST_AT_ONCE);
    if (chosen.deliveryId !== null && replayed === 0) throw notFound('delivery that has ended');
    return replayed;
  }
}

function readChoice({ deliveryId, from, to }: ReplayDto): Pick<ReplayWish, 'deliveryId' | 'from' | 'to'> {
  if ((deliveryId === undefined) === (from === undefined)) throw oneOfBoth();
  return {
    deliveryId: deliveryId ?? null,
    from: from === undefined ? null : new Date(from),
    to: to === undefined ? new Date() : new Date(to),
  };
}

function notAWebhook() {
  return conflict('not-a-webhook', 'Only a web hook has secrets of ours and events to send again.');
}

function stillRotating(untilMs: number) {
  const until = new Date(untilMs).toISOString();
  const detail = `The secret before signs until ${until}. If it is compromised say so, and it ends at once.`;
  return conflict('rotation-running', detail);
}

function oneOfBoth() {
  const wouldBeRight = 'deliveryId for one delivery, or from (and to) for all of a span of time';
  return invalid([{ field: 'deliveryId', problem: 'stands with from, or neither does', wouldBeRight }]);
}

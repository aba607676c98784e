import { newWebhookKeys, type EgressGuard, type HookHosts } from '@app/channels';
import type { ContactBookStore, KeptContactPoint } from '@app/persistence';
import { conflict, invalid, notFound, Problem } from '../http/problem';
import type { AddContactPointDto } from './contact-point.dto';
import { normaliseAddress, type Normalised } from './normalise-address';
import { normaliseChat } from './normalise-chat';
import { normaliseUrl } from './normalise-url';
import { hashCode, newCode, refuseByHour, refuseCode } from './verification';

/** Decides about addresses: one form for each, and nothing is used before it is proven. */
export class ContactPoints {
  constructor(
    private readonly book: ContactBookStore,
    private readonly maxPerCustomer: number,
    private readonly guard: EgressGuard,
    private readonly hooks: HookHosts,
  ) {}

  list(customerId: string): Promise<KeptContactPoint[]> {
    return this.book.list(customerId);
  }

  async add(
    wish: AddContactPointDto & { customerId: string; contactPointId: string },
  ): Promise<{ added: boolean; point: KeptContactPoint }> {
    const { customerId, contactPointId, channel } = wish;
    const normalised = this.normalise(wish);
    if (!normalised.ok) throw invalid([normalised.problem]);
    const keys = keysFor(wish);
    await this.needAllowance(customerId);
    const point = { contactPointId, customerId, channel, address: normalised.address, keys };
    const result = await this.book.add(point, newCode(contactPointId, Date.now()), this.maxPerCustomer);
    if (result) return result;
    throw conflict(
      'too-many-contact-points',
      `A customer may have ${this.maxPerCustomer} contact points: remove one first.`,
    );
  }

  async remove(customerId: string, contactPointId: string): Promise<void> {
    if (!(await this.book.remove(customerId, contactPointId))) throw notFound('contact point');
  }

  async verify(customerId: string, contactPointId: string, code: string): Promise<KeptContactPoint> {
    const point = await this.find(customerId, contactPointId);
    if (point.verifiedAt && !point.disabledAt) return point;
    const verdict = await this.book.tryCode(contactPointId, hashCode(contactPointId, code));
    switch (verdict.kind) {
      case 'verified':
        return this.find(customerId, contactPointId);
      case 'wrong':
        throw wrongCode(`This is not the code; ${verdict.triesLeft} tries left.`, verdict.triesLeft);
      case 'noLiveCode':
        throw wrongCode('There is no code that could be right any more: ask for another.', 0);
      default:
        return verdict satisfies never;
    }
  }

  async sendAnotherCode(customerId: string, contactPointId: string): Promise<KeptContactPoint> {
    const point = await this.find(customerId, contactPointId);
    if (point.verifiedAt && !point.disabledAt)
      throw conflict('already-verified', 'This contact point is verified already.');
    await this.needAllowance(customerId);
    const now = Date.now();
    const refusal = await this.book.sendAnother(point, newCode(contactPointId, now), (last) =>
      refuseCode(last, now),
    );
    if (refusal) throw refusal;
    return this.find(customerId, contactPointId);
  }

  private normalise({ channel, address }: AddContactPointDto): Normalised {
    if (channel === 'chat') return normaliseChat(address, this.guard, this.hooks);
    return channel === 'webhook' || channel === 'push'
      ? normaliseUrl(address, this.guard)
      : normaliseAddress(channel, address);
  }

  private async needAllowance(customerId: string): Promise<void> {
    const refusal = refuseByHour(await this.book.codesSince(customerId, new Date(Date.now() - 3_600_000)));
    if (refusal) throw refusal;
  }

  private async find(customerId: string, contactPointId: string): Promise<KeptContactPoint> {
    const point = await this.book.find(customerId, contactPointId);
    if (!point) throw notFound('contact point');
    return point;
  }
}

/** A web hook gets secrets of ours; a push subscription brings its own. */
function keysFor({ channel, keys }: AddContactPointDto): Record<string, string> | null {
  if (channel === 'webhook' && !keys) return { ...newWebhookKeys() };
  if (channel === 'push' && keys) return { p256dh: keys.p256dh, auth: keys.auth };
  if (channel !== 'push' && !keys) return null;
  const isMissing = channel === 'push';
  const problem = isMissing ? 'is missing' : 'is only for push subscriptions';
  const wouldBeRight = isMissing ? 'p256dh and auth of the subscription' : 'leave it out';
  throw invalid([{ field: 'keys', problem, wouldBeRight }]);
}

function wrongCode(detail: string, triesLeft: number): Problem {
  const errors = [
    {
      field: 'code',
      problem: `is wrong; ${triesLeft} tries left`,
      wouldBeRight: 'the six digits of the newest message',
    },
  ];
  return new Problem({ status: 422, slug: 'wrong-code', title: 'Wrong code', detail, errors });
}

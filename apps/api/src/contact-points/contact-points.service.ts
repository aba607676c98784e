import { newWebhookKeys, type EgressGuard, type HookHosts } from '@app/channels';
import type { PublicLinks } from '@app/links';
import type { ContactBookStore, KeptContactPoint } from '@app/persistence';
import { conflict, invalid, notFound, Problem } from '../http/problem';
import type { AddContactPointDto } from './contact-point.dto';
import { normaliseAddress, type Normalised } from './normalise-address';
import { normaliseChat } from './normalise-chat';
import { normaliseUrl } from './normalise-url';
import { hashCode, newCode, refuseByHour, refuseCode, type Unproven } from './verification';
import type { VerificationLimits } from './verification-limits';

/** Who asks, for the audit and for what is counted by caller. */
export interface Asking {
  actor: string;
  /** Null for a system, which speaks for many. */
  ip: string | null;
}

/** What addresses are judged and proven by. */
export interface ContactPointRules {
  maxPerCustomer: number;
  guard: EgressGuard;
  hooks: HookHosts;
  limits: VerificationLimits;
  /** Null: codes come without a link. */
  links: PublicLinks | null;
}

/** Decides about addresses: one form for each, and nothing is used before it is proven. */
export class ContactPoints {
  constructor(
    private readonly book: ContactBookStore,
    private readonly rules: ContactPointRules,
  ) {}

  list(customerId: string): Promise<KeptContactPoint[]> {
    return this.book.list(customerId);
  }

  async add(
    wish: AddContactPointDto & { customerId: string; contactPointId: string },
    asking: Asking,
  ): Promise<{ added: boolean; point: KeptContactPoint }> {
    const { customerId, contactPointId, channel } = wish;
    const normalised = this.normalise(wish);
    if (!normalised.ok) throw invalid([normalised.problem]);
    const keys = keysFor(wish);
    await this.needAllowance(customerId, asking);
    const point = { contactPointId, customerId, channel, address: normalised.address, keys };
    const proof = { codeFor: (one: Unproven) => this.codeFor(one), actor: asking.actor };
    const result = await this.book.add(point, proof, this.rules.maxPerCustomer);
    if (result) return result;
    throw conflict(
      'too-many-contact-points',
      `A customer may have ${this.rules.maxPerCustomer} contact points: remove one first.`,
    );
  }

  async remove(customerId: string, contactPointId: string, { actor }: Asking): Promise<void> {
    if (!(await this.book.remove(customerId, contactPointId, actor))) throw notFound('contact point');
  }

  /** Another address in the place of the old one; it has to be proven before anything goes there. */
  async changeAddress(
    id: { customerId: string; contactPointId: string },
    address: string,
    asking: Asking,
  ): Promise<KeptContactPoint> {
    const point = await this.find(id.customerId, id.contactPointId);
    const normalised = this.normalise({ channel: point.channel as AddContactPointDto['channel'], address });
    if (!normalised.ok) throw invalid([normalised.problem]);
    if (normalised.address === point.address) return point;
    await this.needAllowance(id.customerId, asking);
    const sending = { code: this.codeFor(point), actor: asking.actor };
    const changed = await this.book.changeAddress(point, normalised.address, sending);
    if (changed) return changed;
    throw conflict('address-taken', 'Another contact point of this customer has this address.');
  }

  async verify(
    { customerId, contactPointId }: { customerId: string; contactPointId: string },
    code: string,
    { actor, ip }: Asking,
  ): Promise<KeptContactPoint> {
    const point = await this.find(customerId, contactPointId);
    if (point.verifiedAt && !point.disabledAt) return point;
    await this.rules.limits.needTry(ip, customerId);
    const verdict = await this.book.tryCode(point, hashCode(contactPointId, code), actor);
    if (verdict.kind === 'wrong') await this.rules.limits.countWrong(ip, customerId);
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

  async sendAnotherCode(
    customerId: string,
    contactPointId: string,
    asking: Asking,
  ): Promise<KeptContactPoint> {
    const point = await this.find(customerId, contactPointId);
    if (point.verifiedAt && !point.disabledAt)
      throw conflict('already-verified', 'This contact point is verified already.');
    await this.needAllowance(customerId, asking);
    const refusal = await this.book.sendAnother(point, this.codeFor(point), (last) =>
      refuseCode(last, Date.now()),
    );
    if (refusal) throw refusal;
    return this.find(customerId, contactPointId);
  }

  private codeFor(point: Unproven): ReturnType<typeof newCode> {
    return newCode(point, this.rules.links, Date.now());
  }

  private normalise({ channel, address }: Pick<AddContactPointDto, 'channel' | 'address'>): Normalised {
    const { guard, hooks } = this.rules;
    if (channel === 'chat') return normaliseChat(address, guard, hooks);
    return channel === 'webhook' || channel === 'push'
      ? normaliseUrl(address, guard)
      : normaliseAddress(channel, address);
  }

  private async needAllowance(customerId: string, { ip }: Asking): Promise<void> {
    const refusal = refuseByHour(await this.book.codesSince(customerId, new Date(Date.now() - 3_600_000)));
    if (refusal) throw refusal;
    await this.rules.limits.countCode(ip);
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

import type { BulkMessage } from '@app/channels';
import type { TopicPolicy } from '@app/contracts';
import type {
  BroadcastAlert,
  BroadcastPlanningStore,
  BroadcastSendingStore,
  PageToPlan,
} from '@app/persistence';
import { defaultPolicy } from '@app/preferences';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import type { BatchSender } from './batch-sender';
import { bodyOf, type BroadcastTexts } from './broadcast-texts';
import { PersonDecisions } from './decide-person';
import type { MailCalls } from './mail-calls';
import { planAudience, type AudiencePlan } from './plan-audience';
import type { Turns } from './turns';

/** Pages and batches under way at once: enough to keep PostgreSQL, the provider and this process busy at the same time. */
const AT_ONCE = 3;
/** Even with nothing due it looks this often. */
const LOOK_AT_LEAST_EVERY_MS = 60_000;
const FIRST_EPOCH = 1;
/** What is due and may not go, for a rate or a carrier that rests, is looked at again after this. */
const SHORTEST_REST_MS = 250;

export interface BroadcastsParts {
  owner: string;
  leaseMs: number;
  planning: BroadcastPlanningStore;
  sending: BroadcastSendingStore;
  sender: BatchSender;
  texts: BroadcastTexts;
  turns: Turns;
  calls: MailCalls;
  metrics: DispatcherMetrics;
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
  /** Called when notifications were made for people who are told alone. */
  onNotified: () => void;
}

/**
 * Service alerts to very many: plans an audience page by page and sends what can be told together, a call at a time.
 * Everything it knows is in the store: whoever dies here leaves a lease behind, and another goes on.
 */
export class Broadcasts {
  private readonly underWay = new Set<Promise<void>>();
  private readonly looking: Wakeable;
  private stopped = false;
  /** Of the service alert planned last; its topic's policy may change between pages. */
  private decided: { key: string; decisions: PersonDecisions } | null = null;

  constructor(private readonly parts: BroadcastsParts) {
    this.looking = new Wakeable(
      () => this.look(),
      (error) => parts.onTrouble('looking for broadcasts failed', error),
    );
  }

  wake(): void {
    this.looking.wake();
  }

  /** Takes nothing new and waits for the calls under way; each ends within the send timeout. */
  async drain(): Promise<void> {
    this.stopped = true;
    await this.looking.stop();
    await Promise.all(this.underWay);
  }

  /** Takes over batches whose dispatcher died, ends what is overdue, hears of receipts, writes down who was cancelled. */
  async sweep(): Promise<void> {
    const { sending, sender, planning, metrics } = this.parts;
    if (sender.unrecorded > 0) return; // an outcome on its way to the store must not be overtaken by the end of its lease
    const late = await sending.late();
    for (const batch of late) await sender.settleLate(batch, await this.policyOf(batch.topic));
    if (late.length > 0) metrics.takenOver.inc(late.length);
    await sending.tidy();
    while (await planning.writeCancelled());
    this.wake();
  }

  private async look(): Promise<boolean> {
    const free = AT_ONCE - this.underWay.size;
    if (free <= 0 || this.stopped) return false; // work that ends looks again
    const due = await this.sendDue(free);
    const { planning, leaseMs } = this.parts;
    const pages = free > due ? await planning.claimPages(free - due, leaseMs) : [];
    for (const page of pages) this.start(this.planAndSend(page));
    if (due + pages.length === 0) await this.setAlarm();
    return false;
  }

  /** What waits for another try goes first. */
  private async sendDue(free: number): Promise<number> {
    const { sending, sender, calls, owner, leaseMs } = this.parts;
    const allowed = await calls.allow(free);
    if (!allowed) return 0;
    const { carrier } = allowed;
    const lease = { owner, ms: leaseMs, provider: carrier.provider };
    const claimed = await sending.claimDue('email', allowed.count, lease);
    await allowed.take(claimed.length);
    for (const batch of claimed)
      this.start(this.policyOf(batch.topic).then((policy) => sender.sendLoaded(batch, carrier, policy)));
    return claimed.length;
  }

  private async planAndSend(page: PageToPlan): Promise<void> {
    const { planning, texts, turns, calls, now } = this.parts;
    const { people, policy } = await planning.peopleOf(page.customerIds, page.topic);
    const rules = { texts, mailAtMost: calls.atMost, now: now(), ttlMs: policyFor(page.topic, policy).ttlMs };
    const decisions = this.decisionsFor(page, policyFor(page.topic, policy));
    await turns.next();
    const plan = planAudience(page, people, { ...rules, decisions });
    if (!(await planning.save(page, plan))) return;
    this.parts.metrics.notifications.inc({ kind: 'serviceAlert' }, people.length);
    if (plan.notifications.length > 0) this.parts.onNotified();
    if (plan.members.size > 0) await this.sendPlanned(page, plan, policyFor(page.topic, policy));
  }

  /** Sent at once, while who is told is still known here; whatever stands against it leaves the batches waiting. */
  private async sendPlanned(page: PageToPlan, plan: AudiencePlan, policy: TopicPolicy): Promise<void> {
    const { sending, sender, calls, owner, leaseMs } = this.parts;
    const allowed = await calls.allow(plan.members.size);
    if (!allowed) return;
    const { carrier } = allowed;
    const wanted = plan.batches.filter((batch) => !batch.inbox).slice(0, allowed.count);
    const written = new Map<number, BulkMessage>();
    for (const { batch, language } of wanted) {
      const facts = { ...page, language, leaseEpoch: FIRST_EPOCH, expiresAt: plan.expiresAt };
      written.set(batch, await sender.write(facts, plan.members.get(batch) ?? []));
    }
    const lease = { owner, ms: leaseMs, provider: carrier.provider };
    const claimed = await sending.claimThese(page.alertSeq, [...written.keys()], lease);
    await allowed.take(claimed.length);
    for (const batch of claimed) {
      const message = batch.leaseEpoch === FIRST_EPOCH ? written.get(batch.batch) : undefined;
      const members = plan.members.get(batch.batch) ?? [];
      await sender.send(batch, members, carrier, { ...policy, written: message });
    }
  }

  private decisionsFor(alert: BroadcastAlert, policy: TopicPolicy): PersonDecisions {
    const key = `${alert.alertSeq} ${JSON.stringify(policy)}`;
    if (this.decided?.key === key) return this.decided.decisions;
    const { topic, causedAt } = alert;
    const notification = { topic, lane: 'bulk', channels: null, body: bodyOf(alert), causedAt } as const;
    const decisions = new PersonDecisions(notification, policy);
    this.decided = { key, decisions };
    return decisions;
  }

  private async policyOf(topic: string): Promise<TopicPolicy> {
    return policyFor(topic, await this.parts.planning.policyOf(topic));
  }

  private async setAlarm(): Promise<void> {
    const dueInMs = await this.parts.sending.nextDueInMs();
    const inMs = dueInMs === null ? LOOK_AT_LEAST_EVERY_MS : Math.max(dueInMs, SHORTEST_REST_MS);
    this.looking.wakeIn(Math.min(inMs, LOOK_AT_LEAST_EVERY_MS));
  }

  private start(work: Promise<void>): void {
    const ended = work
      .catch((error: unknown) => {
        this.parts.onTrouble('a part of a broadcast has to wait; its lease will run out', error);
        this.looking.wakeIn(this.parts.leaseMs);
      })
      .finally(() => {
        this.underWay.delete(ended);
        this.wake();
      });
    this.underWay.add(ended);
  }
}

function policyFor(topic: string, written: TopicPolicy | null): TopicPolicy {
  return { ...defaultPolicy(topic), ...written };
}

import type { Channel, Digest, Notification } from '@app/contracts';
import { wallTime } from '@app/wall-time';
import { CapBook, type ReachedCap } from './caps';
import type { Place, StepChoice } from './choose-step';
import type { Decision, DecisionDetail, SentReason } from './decision';
import { digestClosesAt, type GatheringDigest } from './digest-window';
import type { Verdict } from './judge-way';
import type { Plan, PlannedDigestItem, PlannedSend, PlannedSteps } from './plan';
import { openFrom, quietAt, type QuietSpan } from './quiet-hours';
import type { KnownWay, Recipient } from './recipient';
import { releaseAt } from './release';

interface OpenWay {
  way: KnownWay;
  open: SentReason;
  ruleIds: string[];
}

/** Decides when an open way is told, one way after the other, since each takes its part of the caps. */
export class PlanInTheMaking {
  readonly decisions: Decision[] = [];
  private readonly send: PlannedSend[] = [];
  private readonly digest: PlannedDigestItem[] = [];
  private readonly caps: CapBook;
  /** Undefined: not looked up yet. */
  private quiet: QuietSpan | null | undefined;
  private readonly step: number;
  private readonly base: Omit<DecisionDetail, 'ruleIds'>;

  constructor(
    private readonly notification: Notification,
    private readonly recipient: Recipient,
    private readonly now: number,
    private readonly choice: StepChoice | null,
  ) {
    const { sheet, timeZone, sheetVersion, used } = recipient;
    this.caps = new CapBook(sheet.caps ?? {}, timeZone, used);
    this.step = choice?.current ?? recipient.fromStep;
    this.base = { topic: notification.topic, sheetVersion, timeZone, localTime: localTime(now, timeZone) };
  }

  /** The way is told now, as far as hours and caps allow. */
  decide({ way, verdict }: { way: KnownWay; verdict: Verdict }): Decision {
    if ('shut' in verdict) return this.shut(way, verdict);
    const { ruleIds } = verdict;
    const isHelpless = this.choice?.current === null && way.channel !== 'inbox';
    const open = isHelpless ? 'noStepReaches' : verdict.open;
    return this.time({ way, open, ruleIds });
  }

  /** The way is open, and waits for its step or is in none. */
  decideLater({ way, verdict, place }: { way: KnownWay; verdict: Verdict; place: Place }): Decision {
    const { of = '', steps = [], current } = this.choice ?? {};
    if (place === 'nowhere') return this.shut(way, { shut: 'notInSteps', ruleIds: [`${of}.steps`] });
    if (this.isGathered()) return this.shut(way, { shut: 'digestOnEarlierStep', ruleIds: [`${of}.steps`] });
    const index = steps.findIndex((step, at) => at > (current ?? 0) && step.channels.includes(way.channel));
    const detail = {
      ...this.base,
      ruleIds: [`${of}.steps.${index}`, ...verdict.ruleIds],
      ...this.stepDetail(),
    };
    return { ...named(way), decision: 'fallback', reason: 'laterStep', notBefore: null, detail };
  }

  /** There is nothing on this channel. */
  miss(channel: Channel): void {
    const detail = { ...this.base, ruleIds: [] };
    this.decisions.push({
      ...{ channel, contactPointId: null, notBefore: null, detail },
      ...{ decision: 'suppressed', reason: 'noUsableContactPoint' },
    });
  }

  done(): Plan {
    const { send, digest, decisions } = this;
    return { send, digest, decisions, steps: this.nextStep(), capUse: this.caps.taken };
  }

  private time(open: OpenWay): Decision {
    if (this.passesEverything()) return this.sendAt(open, null);
    const { way } = open;
    const gathering = way.channel === 'inbox' ? null : this.digestOfTopic();
    if (gathering) return this.gather(open, gathering.digest, gathering.ruleId);
    const quiet = way.channel === 'inbox' ? null : this.quietNow();
    const at = quiet?.until ?? this.now;
    const reached = this.isCapped() ? this.caps.reached(way.channel, at) : null;
    if (reached) return this.cap(open, reached);
    if (this.isCapped()) this.caps.take(way.channel, at);
    return this.sendAt(open, quiet);
  }

  /** The same for every way, and the dearest question of a plan. `until` is when what it holds is released. */
  private quietNow(): QuietSpan | null {
    if (this.quiet !== undefined) return this.quiet;
    const { sheet, timeZone, customerId } = this.recipient;
    const quiet = quietAt(sheet, timeZone, this.now);
    // Where channels follow each other every wait counts from the step before.
    const isSpread = this.notification.lane !== 'urgent' && this.choice === null;
    this.quiet =
      quiet && isSpread ? { ...quiet, until: releaseAt(sheet, timeZone, quiet.until, customerId) } : quiet;
    return this.quiet;
  }

  private passesEverything(): boolean {
    const { kind } = this.notification.body;
    return kind === 'verificationCode' || kind === 'answer' || this.recipient.topic.isCritical;
  }

  private isCapped(): boolean {
    const { kind } = this.notification.body;
    return kind !== 'digest' && kind !== 'contactPointLost';
  }

  private digestOfTopic(): { digest: GatheringDigest; ruleId: string } | null {
    if (!this.isCapped()) return null;
    const { topic } = this.notification;
    const own = this.recipient.sheet.digests?.[topic];
    const digest: Digest = own ?? this.recipient.topic.digest;
    const ruleId = own ? `sheet.digests.${topic}` : `topic.${topic}.digest`;
    return digest.every === 'time' ? null : { digest, ruleId };
  }

  private sendAt({ way, open, ruleIds }: OpenWay, quiet: QuietSpan | null): Decision {
    const notBefore = quiet?.until ?? null;
    const { channel, contactPointId, address } = way;
    this.send.push({
      ...{ channel, contactPointId, address, reason: open, notBefore },
      ...{ deferredBy: quiet?.because ?? null, step: this.step },
    });
    const common = { ...named(way), notBefore };
    if (!quiet) {
      const detail = { ...this.base, ruleIds, ...this.stepDetail(), ...this.criticalDetail() };
      return { ...common, decision: 'sent', reason: open, detail };
    }
    const detail: DecisionDetail = {
      ...{ ...this.base, ruleIds: [quiet.ruleId, ...ruleIds], ...this.stepDetail() },
      notBeforeLocal: localTime(quiet.until, this.recipient.timeZone),
      ...(quiet.window ? { window: quiet.window } : {}),
      ...(quiet.holiday ? { holiday: quiet.holiday } : {}),
    };
    return { ...common, decision: 'deferred', reason: quiet.because, detail };
  }

  private gather({ way, ruleIds }: OpenWay, digest: GatheringDigest, ruleId: string): Decision {
    const { sheet, timeZone } = this.recipient;
    const closesAt = digestClosesAt(digest, sheet, timeZone, this.now);
    this.join(way, 'digest', closesAt);
    const detail: DecisionDetail = {
      ...{ ...this.base, ruleIds: [ruleId, ...ruleIds], ...this.stepDetail(), digest },
      notBeforeLocal: localTime(closesAt, timeZone),
    };
    return { ...named(way), decision: 'digested', reason: 'digest', notBefore: closesAt, detail };
  }

  private cap({ way, ruleIds }: OpenWay, cap: ReachedCap): Decision {
    const { sheet, timeZone } = this.recipient;
    const closesAt = openFrom(sheet, timeZone, cap.resetsAt);
    this.join(way, 'cap', closesAt);
    const ruleId = `sheet.caps.${cap.channel}.${cap.span === 'hour' ? 'perHour' : 'perDay'}`;
    const detail: DecisionDetail = {
      ...{ ...this.base, ruleIds: [ruleId, ...ruleIds], ...this.stepDetail(), cap },
      notBeforeLocal: localTime(closesAt, timeZone),
    };
    return { ...named(way), decision: 'capped', reason: 'cap', notBefore: closesAt, detail };
  }

  private join(way: KnownWay, because: 'digest' | 'cap', closesAt: number): void {
    const { channel, contactPointId, address } = way;
    const key = [this.notification.topic, channel, contactPointId ?? '', because].join('|');
    this.digest.push({ channel, contactPointId, address, key, closesAt, because, step: this.step });
  }

  private shut(way: KnownWay, { shut, ruleIds, suppression }: Extract<Verdict, { shut: unknown }>): Decision {
    const detail = { ...this.base, ruleIds, ...(suppression ? { suppression } : {}) };
    return { ...named(way), decision: 'suppressed', reason: shut, notBefore: null, detail };
  }

  /** What was put aside for a digest is told there: later steps would tell it again. */
  private isGathered(): boolean {
    return this.digest.length > 0 && this.send.every(({ channel }) => channel === 'inbox');
  }

  private nextStep(): PlannedSteps | null {
    const { steps = [], current = null, next = null } = this.choice ?? {};
    const step = current === null ? undefined : steps[current];
    if (!step || next === null || this.isGathered()) return null;
    const last = Math.max(this.now, ...this.send.map(({ notBefore }) => notBefore ?? this.now));
    return { nextStep: next, dueAt: last + step.waitMs, stopOn: step.stopOn };
  }

  private stepDetail(): Pick<DecisionDetail, 'step'> {
    const { steps = [], current = null } = this.choice ?? {};
    const step = current === null ? undefined : steps[current];
    if (!step) return {};
    return { step: { index: current ?? 0, waitMs: step.waitMs, stopOn: step.stopOn } };
  }

  private criticalDetail(): Pick<DecisionDetail, 'criticalReason'> {
    const { isCritical, criticalReason } = this.recipient.topic;
    return isCritical && criticalReason ? { criticalReason } : {};
  }
}

function named({ channel, contactPointId }: KnownWay): Pick<Decision, 'channel' | 'contactPointId'> {
  return { channel, contactPointId };
}

function localTime(at: number, timeZone: string): string {
  const { date, minutes } = wallTime(at, timeZone);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

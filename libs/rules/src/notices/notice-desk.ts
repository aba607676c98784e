import { wallTime } from '@app/wall-time';
import type { NoticePolicy } from '../notice-policy';
import { afterChange, calmAt, isFlapping } from './flapping';
import { muteAt, type Mute } from './mute-at';
import type { HeldReason, Mutes, NoticeDecision, NoticeOutcome, NoticeState, TellingKind } from './notice';

const DIGEST_EVERY_MS = 3_600_000;

/** The state of one instance's notices while something is decided about them; see `decideNotice`. */
export class NoticeDesk {
  private readonly state: NoticeState;
  private readonly decisions: NoticeDecision[] = [];

  constructor(
    private readonly policy: NoticePolicy,
    state: NoticeState,
    private readonly mutes: Mutes,
  ) {
    const { flapping } = state;
    this.state = {
      ...state,
      open: state.open && { ...state.open },
      flapping: flapping && { ...flapping, unstable: flapping.unstable && { ...flapping.unstable } },
    };
  }

  outcome(): NoticeOutcome {
    const dueAt = this.nextDueAt();
    return { decisions: this.decisions, state: this.state, dueAt: Number.isFinite(dueAt) ? dueAt : null };
  }

  /** @param until what came due up to here is decided, stamped with its own instant */
  takeDue(until: number): void {
    for (let at = this.nextDueAt(); at <= until; at = this.nextDueAt()) this.takeOne(at, until);
  }

  fired(at: number, level: number): void {
    this.state.open = { told: false, level, toldLevel: 0 };
    if (!this.changed(at)) this.tellFiring('fired', at);
    else if (!this.tellUnstable(at)) this.state.suppressed += 1;
  }

  levelChanged(at: number, level: number): void {
    const { open } = this.state;
    if (!open) return;
    const from = open.level;
    open.level = level;
    if (!this.isNews(from, level)) this.hold('notAsked', at);
    else if (!open.told && level < from) this.hold('firingNotTold', at);
    else this.tellLevel('level', at);
  }

  recovered(at: number): void {
    const wasTold = this.state.open?.told ?? false;
    this.close();
    const begins = this.changed(at);
    const unstable = this.state.flapping?.unstable;
    if (unstable) {
      unstable.owesEnd ||= wasTold;
      if (begins) this.tellUnstable(at);
      else this.hold('flapping', at);
    } else if (!wasTold) this.hold('firingNotTold', at);
    else if (this.policy.onRecovery) this.tell('recovered', at);
    else this.hold('notAsked', at);
  }

  /** The alert is over; nothing of it is left to tell but what the caller tells. */
  close(): void {
    this.state.open = null;
    this.state.repeatAt = null;
    this.state.muteEndsAt = null;
  }

  mutesChanged(at: number): void {
    if (this.state.muteEndsAt !== null) this.muteEnded(at);
  }

  private nextDueAt(): number {
    const { repeatAt, muteEndsAt, flapping } = this.state;
    const { nextAt, endsAt } = flapping?.unstable ?? { nextAt: null, endsAt: null };
    return Math.min(...[repeatAt, muteEndsAt, nextAt, endsAt].map((at) => at ?? Number.POSITIVE_INFINITY));
  }

  private takeOne(at: number, until: number): void {
    const { muteEndsAt, flapping } = this.state;
    if (flapping?.unstable?.endsAt === at) this.settle(at);
    else if (muteEndsAt === at) this.muteEnded(at);
    else if (flapping?.unstable?.nextAt === at) this.tellUnstable(at, until);
    else this.repeat(at, until);
  }

  private isNews(from: number, to: number): boolean {
    return this.policy.onLevel === 'any' ? to !== from : this.policy.onLevel === 'rise' && to > from;
  }

  private repeat(at: number, until: number): void {
    const { repeatEveryMs } = this.policy;
    const { open, flapping } = this.state;
    this.state.repeatAt = null;
    if (repeatEveryMs === null || !open?.told || flapping?.unstable) return;
    const mute = this.mute(at);
    if (mute) {
      this.state.repeatAt = mute.until;
      return this.hold(mute.reason, at);
    }
    this.tell('repeat', at);
    this.state.repeatAt = nextOf(at, repeatEveryMs, until);
  }

  private muteEnded(at: number): void {
    const { open, flapping } = this.state;
    this.state.muteEndsAt = null;
    if (!open || flapping?.unstable) return;
    if (!open.told) this.tellFiring('stillFiring', at);
    else if (this.isNews(open.toldLevel, open.level)) this.tellLevel('stillFiring', at);
  }

  private tellFiring(kind: 'fired' | 'stillFiring', at: number): void {
    const mute = this.mute(at);
    const reason = mute?.reason ?? this.capAt(at);
    if (kind === 'fired' && reason) this.state.suppressed += 1;
    if (mute) this.state.muteEndsAt = mute.until;
    if (reason) return this.hold(reason, at);
    // What was counted when it was held back is told by this very message.
    if (kind === 'stillFiring') this.state.suppressed = Math.max(0, this.state.suppressed - 1);
    const { date } = wallTime(at, this.policy.timeZone);
    this.state.day = { date, told: this.toldOn(date) + 1 };
    this.state.firingToldAt = at;
    this.tellOpen(kind, at);
  }

  private tellLevel(kind: 'level' | 'stillFiring', at: number): void {
    const mute = this.mute(at);
    if (mute) this.state.muteEndsAt = mute.until;
    if (mute) this.hold(mute.reason, at);
    else if (this.state.flapping?.unstable) this.hold('flapping', at);
    else this.tellOpen(kind, at);
  }

  private capAt(at: number): HeldReason | null {
    const { cooldownMs, maxPerDay, timeZone } = this.policy;
    const { firingToldAt, flapping } = this.state;
    if (flapping?.unstable) return 'flapping';
    if (cooldownMs !== null && firingToldAt !== null && at < firingToldAt + cooldownMs) return 'cooldown';
    const isFull = maxPerDay !== null && this.toldOn(wallTime(at, timeZone).date) >= maxPerDay;
    return isFull ? 'dailyCap' : null;
  }

  private toldOn(date: string): number {
    return this.state.day?.date === date ? this.state.day.told : 0;
  }

  /** @returns true where this change makes the state unstable */
  private changed(at: number): boolean {
    if (!this.policy.dampFlapping) return false;
    const before = this.state.flapping;
    const was = before?.unstable ?? null;
    const history = afterChange(before, at);
    const isUnstable = isFlapping(history.steps, was !== null);
    const begun = { told: false, changes: 0, nextAt: at, endsAt: 0, owesEnd: false };
    this.state.flapping = {
      ...history,
      unstable: isUnstable
        ? { ...(was ?? begun), changes: (was?.changes ?? 0) + 1, endsAt: calmAt(history) }
        : null,
    };
    return isUnstable && was === null;
  }

  /** The word that it is unstable, or the digest that it still is. @returns false where a mute holds it back */
  private tellUnstable(at: number, until = at): boolean {
    const unstable = this.state.flapping?.unstable;
    if (!unstable) return false;
    const mute = this.mute(at);
    if (mute) {
      unstable.nextAt = mute.until;
      this.hold(mute.reason, at);
      return false;
    }
    unstable.nextAt = nextOf(at, DIGEST_EVERY_MS, until);
    if (unstable.told && unstable.changes === 0) return true;
    this.tell(unstable.told ? 'digest' : 'unstable', at, unstable.changes);
    unstable.told = true;
    unstable.changes = 0;
    return true;
  }

  /** Quiet again: in which state is told if instability was, or if the end of a told alert was swallowed by it. */
  private settle(at: number): void {
    const { told, owesEnd } = this.endUnstable();
    const { open } = this.state;
    if (!open) {
      if (told || (owesEnd && this.policy.onRecovery)) this.tell('settled', at);
    } else if (told && !this.mute(at)) this.tellOpen('settled', at);
    else if (!open.told) this.tellFiring('stillFiring', at);
  }

  private endUnstable(): { told: boolean; owesEnd: boolean } {
    const { flapping } = this.state;
    const { told, owesEnd } = flapping?.unstable ?? { told: false, owesEnd: false };
    if (flapping) flapping.unstable = null;
    return { told, owesEnd };
  }

  private tellOpen(kind: TellingKind, at: number): void {
    const { open } = this.state;
    this.tell(kind, at);
    if (!open) return;
    open.told = true;
    open.toldLevel = open.level;
    this.state.muteEndsAt = null;
    const { repeatEveryMs } = this.policy;
    this.state.repeatAt = repeatEveryMs === null ? null : at + repeatEveryMs;
  }

  private tell(kind: TellingKind, at: number, changes = 0): void {
    const { open, suppressed } = this.state;
    this.state.ordinal += 1;
    this.state.suppressed = 0;
    const { ordinal } = this.state;
    const tell = {
      kind,
      at,
      ordinal,
      suppressed,
      firing: open !== null,
      level: open?.level ?? 0,
      changes,
    };
    this.decisions.push({ tell, reason: null });
  }

  private hold(reason: HeldReason, at: number): void {
    this.decisions.push({ tell: null, reason, at });
  }

  private mute(at: number): Mute | null {
    return muteAt(this.policy, this.mutes, at);
  }
}

/** The first of `at + n * every` after `until`, so that what was missed is not made up. */
function nextOf(at: number, every: number, until: number): number {
  return at + every * (Math.floor(Math.max(0, until - at) / every) + 1);
}

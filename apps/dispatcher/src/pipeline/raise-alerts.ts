import type {
  AlertContext,
  AlertToAlter,
  AlertToEnd,
  AlertToOpen,
  NoticeToSave,
  NotificationToSave,
} from '@app/persistence';
import type { HeldReason, InstanceChange, Occasion, Telling } from '@app/rules';
import { alertIdOf, standingFactsOf } from './alert-facts';
import { decideTelling } from './decide-telling';
import { notificationOf, type Moment } from './notification-of';
import { Standing } from './standing';

export interface Raised {
  opened: AlertToOpen[];
  ended: AlertToEnd[];
  altered: AlertToAlter[];
  notices: NoticeToSave[];
  notifications: NotificationToSave[];
  /** Why moments were not told. */
  held: HeldReason[];
  /** Instances that nobody stands behind any more: their customer was erased, and memory may forget them. */
  orphaned: number[];
}

export const NOTHING_RAISED: Raised = {
  ...{ opened: [], ended: [], altered: [], notices: [], notifications: [], held: [], orphaned: [] },
};

/** A moment of an instance's alert that no event caused. */
export interface Reminder {
  instanceId: number;
  occasion: Occasion;
}

/**
 * Stage 3: turns transitions into alerts and the reasons to tell their customers.
 * @param changes in the order of the log; an instance may fire and recover several times in one batch
 * @param causedAt epoch ms for each change
 * @param contexts of all instances with a transition; an instance without one belongs to a customer just erased
 */
export function raiseAlerts(
  changes: readonly InstanceChange[],
  causedAt: readonly number[],
  contexts: ReadonlyMap<number, AlertContext>,
): Raised {
  const desk = new AlertDesk(contexts);
  changes.forEach((change, index) => desk.take(change, causedAt[index] ?? change.at));
  return desk.finish();
}

/** As `raiseAlerts`, for what is due to be told without any change. */
export function remind(reminders: readonly Reminder[], contexts: ReadonlyMap<number, AlertContext>): Raised {
  const desk = new AlertDesk(contexts);
  for (const reminder of reminders) desk.remind(reminder);
  return desk.finish();
}

class AlertDesk {
  private readonly raised: Raised = {
    ...{ opened: [], ended: [], altered: [], notices: [], notifications: [], held: [], orphaned: [] },
  };
  private readonly standings = new Map<number, Standing>();

  constructor(private readonly contexts: ReadonlyMap<number, AlertContext>) {}

  finish(): Raised {
    for (const { noticeToSave } of this.standings.values()) {
      if (noticeToSave) this.raised.notices.push(noticeToSave);
    }
    return this.raised;
  }

  take(change: InstanceChange, causedAt: number): void {
    if (change.transition === 'none') return;
    const standing = this.standingOf(change.instanceId);
    if (!standing) return void this.raised.orphaned.push(change.instanceId);
    const { transition, at, value } = change;
    if (transition === 'fired') this.open(standing, change);
    const { level } = standing.open ?? { level: 0 };
    const moment = { value, causedAt, openedAt: standing.open?.openedAt ?? at, endedBy: change.endedBy };
    switch (transition) {
      case 'fired':
        return this.tell(standing, { kind: 'fired', at, level }, moment);
      case 'levelChanged':
        return this.tell(standing, { kind: 'levelChanged', at, level: this.alter(standing, change) }, moment);
      case 'recovered':
        return this.end(standing, change, moment);
      default:
        transition satisfies never;
    }
  }

  remind({ instanceId, occasion }: Reminder): void {
    const standing = this.standingOf(instanceId);
    if (!standing) return void this.raised.orphaned.push(instanceId);
    const { openedAt = occasion.at, openedValue: value = 0 } = standing.open ?? {};
    this.tell(standing, occasion, { value, openedAt, causedAt: occasion.at });
  }

  private standingOf(instanceId: number): Standing | null {
    const known = this.standings.get(instanceId);
    const context = this.contexts.get(instanceId);
    if (known || !context) return known ?? null;
    const standing = new Standing(context);
    this.standings.set(instanceId, standing);
    return standing;
  }

  private open(standing: Standing, change: InstanceChange): void {
    const { context } = standing;
    const { transitionSeq, at: openedAt, value: openedValue, openedBy = 'value', progress } = change;
    const level = progress?.level ?? 0;
    const facts = standingFactsOf(context, level);
    const { condition: conditionWords, severity, measure = null, unit, scale } = facts;
    const alert: AlertToOpen = {
      ...{
        alertId: alertIdOf(context, transitionSeq),
        context,
        transitionSeq,
        openedAt,
        openedValue,
        openedBy,
      },
      ...{ conditionWords, level, severity, measure, unit, scale, told: false, heldReason: null, end: null },
    };
    standing.open = { openedAt, openedValue, openedBy, level, told: false };
    standing.opened = alert;
    standing.transitionSeq = transitionSeq;
    this.raised.opened.push(alert);
  }

  /** @returns the new level */
  private alter(standing: Standing, { progress }: InstanceChange): number {
    const level = progress?.level ?? 0;
    const { severity } = standingFactsOf(standing.context, level);
    if (standing.open) standing.open.level = level;
    if (standing.opened) Object.assign(standing.opened, { level, severity });
    else this.raised.altered.push({ ...idOf(standing), level, severity });
    return level;
  }

  /** What ends for the rule's own reasons, not because of the measurement, is over without a word. */
  private end(standing: Standing, change: InstanceChange, moment: Moment): void {
    const { at, value, endedBy = 'value' } = change;
    const isSilent = endedBy === 'rearmed' || (endedBy === 'expired' && standing.open?.openedBy === 'expiry');
    const end = { ...idOf(standing), resolvedAt: at, resolvedValue: value, endedBy };
    if (standing.opened) standing.opened.end = end;
    else this.raised.ended.push(end);
    this.tell(standing, { kind: isSilent ? 'ended' : 'recovered', at }, moment);
    standing.open = null;
    standing.opened = null;
  }

  private tell(standing: Standing, occasion: Occasion, moment: Moment): void {
    const { decisions, state, dueAt } = decideTelling(
      standing.context,
      standing.notice,
      standing.open,
      occasion,
    );
    if (state) standing.remember(state, dueAt);
    for (const { tell, reason } of decisions) {
      if (tell) this.say(standing, tell, tell.at === occasion.at ? moment : asOpened(standing, moment));
      else this.hold(standing, reason);
    }
  }

  private say(standing: Standing, tell: Telling, moment: Moment): void {
    this.raised.notifications.push(notificationOf(standing, tell, moment));
    if (tell.firing) this.mark(standing, true, null);
  }

  private hold(standing: Standing, reason: HeldReason): void {
    this.raised.held.push(reason);
    // That an end is not told says nothing about the firing.
    if (reason !== 'firingNotTold' && reason !== 'notAsked') this.mark(standing, false, reason);
  }

  private mark(standing: Standing, told: boolean, heldReason: HeldReason | null): void {
    if (!standing.open || standing.open.told) return;
    standing.open.told = told;
    if (standing.opened) Object.assign(standing.opened, { told, heldReason });
    else this.raised.altered.push({ ...idOf(standing), told, heldReason });
  }
}

/** What is told late, or again, is told of the firing. */
function asOpened({ open }: Standing, moment: Moment): Moment {
  return open ? { ...moment, value: open.openedValue, openedAt: open.openedAt } : moment;
}

function idOf({ context, transitionSeq }: Standing): { instanceId: number; transitionSeq: number } {
  return { instanceId: context.instanceId, transitionSeq };
}

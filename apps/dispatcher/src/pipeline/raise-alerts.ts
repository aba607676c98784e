import type { AlertFacts } from '@app/contracts';
import type { AlertContext, AlertToEnd, AlertToOpen, NotificationToSave } from '@app/persistence';
import { describeCondition, type InstanceChange } from '@app/rules';
import { derivedId } from './derived-id';

export interface Raised {
  opened: AlertToOpen[];
  ended: AlertToEnd[];
  notifications: NotificationToSave[];
  /** Instances that nobody stands behind any more: their customer was erased, and memory may forget them. */
  orphaned: number[];
}

export const NOTHING_RAISED: Raised = { opened: [], ended: [], notifications: [], orphaned: [] };

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
  const raised: Raised = { opened: [], ended: [], notifications: [], orphaned: [] };
  const open = new Map<number, AlertToOpen>();
  changes.forEach((change, index) => {
    const context = contexts.get(change.instanceId);
    if (change.transition === 'none') return;
    if (!context) return void raised.orphaned.push(change.instanceId);
    const cause = causedAt[index] ?? change.at;
    if (change.transition === 'fired') {
      const alert = openAlert(change, context);
      open.set(change.instanceId, alert);
      raised.opened.push(alert);
      raised.notifications.push(tell('alertFired', change, context, { cause, openedAt: change.at }));
    } else {
      const here = open.get(change.instanceId);
      const since = here?.openedAt ?? context.openedAt ?? change.at;
      if (here) here.end = endAlert(change);
      else raised.ended.push(endAlert(change));
      open.delete(change.instanceId);
      if (context.notifyRecovery) {
        raised.notifications.push(tell('alertRecovered', change, context, { cause, openedAt: since }));
      }
    }
  });
  return raised;
}

/** Derived, never random: replaying the same transition finds the same alert. */
function alertIdOf(change: InstanceChange, context: AlertContext): string {
  return derivedId('alert', context.ruleId, context.conditionVersion, context.subject, change.transitionSeq);
}

function openAlert(change: InstanceChange, context: AlertContext): AlertToOpen {
  return {
    alertId: alertIdOf(change, context),
    context,
    transitionSeq: change.transitionSeq,
    conditionWords: wordsOf(context),
    openedAt: change.at,
    openedValue: change.value,
    end: null,
  };
}

function endAlert(change: InstanceChange): AlertToEnd {
  const { instanceId, transitionSeq, value, at } = change;
  return { instanceId, transitionSeq, resolvedAt: at, resolvedValue: value, endedBy: 'value' };
}

function tell(
  kind: 'alertFired' | 'alertRecovered',
  change: InstanceChange,
  context: AlertContext,
  moments: { cause: number; openedAt: number },
): NotificationToSave {
  const alertId = alertIdOf(change, context);
  const facts: AlertFacts = {
    alertId,
    ruleId: context.ruleId,
    ruleTitle: context.ruleTitle,
    condition: wordsOf(context),
    metric: context.metric,
    metricTitle: context.metricTitle,
    unit: context.unit,
    scale: context.scale,
    subject: context.subject,
    owned: context.owned,
    value: change.value,
    at: change.at,
    openedAt: moments.openedAt,
  };
  const { customerId, topic, channels } = context;
  const notificationId = derivedId('notification', alertId, kind);
  return {
    notificationId,
    customerId,
    topic,
    lane: 'normal',
    channels,
    kind,
    facts,
    alertId,
    causedAt: moments.cause,
  };
}

function wordsOf(context: AlertContext): string {
  return describeCondition(context.condition, {
    title: context.metricTitle,
    unit: context.unit,
    scale: context.scale,
  });
}

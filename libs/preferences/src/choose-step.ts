import type { Channel, FallbackStep, NotificationKind } from '@app/contracts';
import type { Recipient } from './recipient';

/** These go to the ways they are about, whatever the order of channels is. */
const WITHOUT_STEPS: ReadonlySet<NotificationKind> = new Set<NotificationKind>([
  'alertRecovered',
  'digest',
  'contactPointLost',
  'verificationCode',
  'answer',
]);

/** An order of channels, and the step of it that is told now. */
export interface StepChoice {
  steps: readonly FallbackStep[];
  /** `sheet` or `topic.<name>`: whose order it is. */
  of: string;
  from: number;
  /** The first step from `from` on that can reach anybody; null: none can. */
  current: number | null;
  /** The next one that can. */
  next: number | null;
}

/** The order of channels for a notification; of a critical topic only the admin's own, which is its escalation. */
export function stepsInForce(
  { sheet, topic }: Recipient,
  kind: NotificationKind,
): Pick<StepChoice, 'steps' | 'of'> | null {
  if (WITHOUT_STEPS.has(kind)) return null;
  if (!topic.isCritical && sheet.steps?.length) return { steps: sheet.steps, of: 'sheet' };
  return topic.steps?.length ? { steps: topic.steps, of: `topic.${topic.topic}` } : null;
}

/** @param mustRing an order that reaches nothing but the inbox is no help for what is critical */
export function chooseStep(
  order: Pick<StepChoice, 'steps' | 'of'>,
  from: number,
  open: ReadonlySet<Channel>,
  mustRing: boolean,
): StepChoice {
  const rings = order.steps.some(({ channels }) =>
    channels.some((each) => each !== 'inbox' && open.has(each)),
  );
  const reachable = order.steps.flatMap(({ channels }, index) =>
    index >= from && (rings || !mustRing) && channels.some((channel) => open.has(channel)) ? [index] : [],
  );
  return { ...order, from, current: reachable[0] ?? null, next: reachable[1] ?? null };
}

/**
 * Where a channel stands:
 * - `now`, `later`: in the step that is told, or in one after it
 * - `nowhere`: the order leaves it out. Where no step can reach anybody the order is no help, and every channel is `now`
 * - `decided`: an earlier plan has decided about it
 *
 * The inbox interrupts nobody: where no step names it, it is told with the first.
 */
export type Place = 'now' | 'later' | 'nowhere' | 'decided';

export function placeOf(channel: Channel, { steps, from, current }: StepChoice): Place {
  const isIn = (index: number): boolean => steps[index]?.channels.includes(channel) ?? false;
  if (from > 0) {
    const last = current ?? steps.length - 1;
    return steps.some((_, index) => index >= from && index <= last && isIn(index)) ? 'now' : 'decided';
  }
  if (current === null || isIn(current)) return 'now';
  if (steps.some((_, index) => index > current && isIn(index))) return 'later';
  return channel === 'inbox' ? 'now' : 'nowhere';
}

import type { NotificationBody, PreferenceSheet } from '@app/contracts';

/** How the alert stands behind a message that was held back. Epoch ms. */
export interface HeldAlert {
  /** Null while it is open, and where no alert stands behind the message. */
  resolvedAt: number | null;
}

/** What becomes of a message that was held back, now that its time has come. */
export type Rechecked =
  | { kind: 'asItIs' }
  /** It says when the trouble ended. */
  | { kind: 'reworded'; body: NotificationBody }
  | { kind: 'withdrawn'; reason: 'overMeanwhile' };

const AS_IT_IS: Rechecked = { kind: 'asItIs' };

/**
 * Looks again at a message that was held for quiet hours, a digest, or an earlier step: "your balance is below 100" must not
 * be said at seven in the morning if it was over at five. What is over is reworded ("was below 100 from 02:10 to 05:40"), or
 * withdrawn if the customer would rather not hear of it. Anything that speaks of an end, or of no alert, stays as it is.
 *
 * @param whenOver as the customer chose; null or undefined: `reword`
 * @see docs/adr/0014-digests-steps-and-replanning-as-rows.md
 */
export function recheckDeferred(
  body: NotificationBody,
  { resolvedAt }: HeldAlert,
  whenOver: PreferenceSheet['whenOver'] | null,
): Rechecked {
  if (resolvedAt === null || !saysItIsSo(body)) return AS_IT_IS;
  if (whenOver === 'withdraw') return { kind: 'withdrawn', reason: 'overMeanwhile' };
  return { kind: 'reworded', body: { kind: body.kind, facts: { ...body.facts, endedAt: resolvedAt } } };
}

/** The others speak of an end, or of no alert at all. */
const OF_A_FIRING = ['alertFired', 'alertLevel', 'alertRepeated'] as const;
type OfAFiring = Extract<NotificationBody, { kind: (typeof OF_A_FIRING)[number] }>;

function saysItIsSo(body: NotificationBody): body is OfAFiring {
  return OF_A_FIRING.some((kind) => kind === body.kind);
}

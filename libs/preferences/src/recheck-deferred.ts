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
  if (resolvedAt === null) return AS_IT_IS;
  switch (body.kind) {
    case 'alertFired':
    case 'alertLevel':
    case 'alertRepeated':
      if (whenOver === 'withdraw') return { kind: 'withdrawn', reason: 'overMeanwhile' };
      return { kind: 'reworded', body: { kind: body.kind, facts: { ...body.facts, endedAt: resolvedAt } } };
    case 'alertRecovered':
    case 'alertUnstable':
    case 'alertSettled':
    case 'serviceAlert':
    case 'digest':
    case 'contactPointLost':
    case 'answer':
    case 'verificationCode':
      return AS_IT_IS;
    default:
      return body satisfies never;
  }
}

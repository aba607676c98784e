import type { AlertContext } from '@app/persistence';
import {
  NEW_NOTICE_STATE,
  decideNotice,
  type NoticeDecision,
  type NoticeOutcome,
  type NoticePolicy,
  type NoticeState,
  type Occasion,
} from '@app/rules';

/** What is to be said and where the notices stand after it; `state` null: there is nothing to remember. */
export type Told = Omit<NoticeOutcome, 'state'> & { state: NoticeState | null };

/** What telling must know of an alert that is open. */
export interface OpenNotice {
  level: number;
  told: boolean;
}

/**
 * Whether one moment of an alert is told. Nearly all rules have no policy, no mute and no levels: their firings are told,
 * and their recoveries as `notifyRecovery` says, without anything to remember.
 * @param state null where nothing was remembered so far
 */
export function decideTelling(
  context: AlertContext,
  state: NoticeState | null,
  open: OpenNotice | null,
  occasion: Occasion,
): Told {
  if (state === null && isPlain(context, open, occasion)) {
    return { decisions: plainDecisions(context, open, occasion), state: null, dueAt: null };
  }
  const known = state ?? {
    ...NEW_NOTICE_STATE,
    open: open && { ...open, toldLevel: open.told ? open.level : 0 },
  };
  return decideNotice(policyOf(context), known, occasion, context.mutes);
}

function isPlain({ policy, mutes }: AlertContext, open: OpenNotice | null, occasion: Occasion): boolean {
  const { at } = occasion;
  const isSnoozed = mutes.snoozedUntil !== null && at < mutes.snoozedUntil;
  const isMuted = isSnoozed || mutes.maintenance.some(({ from, until }) => from <= at && at < until);
  const level = 'level' in occasion ? occasion.level : (open?.level ?? 0);
  return policy === null && !isMuted && level === 0;
}

function plainDecisions(
  context: AlertContext,
  open: OpenNotice | null,
  { kind, at }: Occasion,
): NoticeDecision[] {
  const told = { at, ordinal: 0, suppressed: 0, level: 0, changes: 0 };
  if (kind === 'fired') return [{ tell: { ...told, kind, firing: true }, reason: null }];
  if (kind !== 'recovered') return [];
  if (!open?.told) return [{ tell: null, reason: 'firingNotTold', at }];
  if (!context.notifyRecovery) return [{ tell: null, reason: 'notAsked', at }];
  return [{ tell: { ...told, kind, firing: false }, reason: null }];
}

function policyOf({ policy, notifyRecovery, timeZone }: AlertContext): NoticePolicy {
  if (policy) return policy;
  return {
    ...{
      onRecovery: notifyRecovery,
      onLevel: 'rise',
      repeatEveryMs: null,
      cooldownMs: null,
      maxPerDay: null,
    },
    ...{ timeZone, activeHours: [], dampFlapping: false },
  };
}

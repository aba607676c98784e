import type { AlertFacts, NotificationKind } from '@app/contracts';
import type { NotificationToSave } from '@app/persistence';
import type { Telling, TellingKind } from '@app/rules';
import { alertIdOf, standingFactsOf } from './alert-facts';
import { derivedId } from './derived-id';
import type { Standing } from './standing';

/** What is known of a moment of an alert, besides that it is told. Instants are epoch ms. */
export interface Moment {
  value: number;
  openedAt: number;
  causedAt: number;
  endedBy?: AlertFacts['endedBy'];
}

const KINDS = {
  fired: 'alertFired',
  stillFiring: 'alertFired',
  level: 'alertLevel',
  repeat: 'alertRepeated',
  recovered: 'alertRecovered',
  unstable: 'alertUnstable',
  digest: 'alertUnstable',
  settled: 'alertSettled',
} as const satisfies Record<TellingKind, NotificationKind>;

/** One message to plan; its id is derived from the alert and the telling's number, so that a replay finds its own. */
export function notificationOf(standing: Standing, tell: Telling, moment: Moment): NotificationToSave {
  const { context, transitionSeq } = standing;
  const alertId = alertIdOf(context, transitionSeq);
  const kind = KINDS[tell.kind];
  const { customerId, topic, channels } = context;
  // Here and not as it is planned: what is critical must not stand behind a page of what is not, either.
  const lane = context.isCritical ? 'urgent' : 'normal';
  return {
    notificationId: derivedId('notification', alertId, kind, ...(tell.ordinal > 0 ? [tell.ordinal] : [])),
    ...{ customerId, topic, lane, channels, kind, alertId, causedAt: moment.causedAt },
    facts: { ...standingFactsOf(context, tell.level), alertId, ...momentFacts(standing, tell, moment) },
  };
}

type MomentFacts = Pick<AlertFacts, 'value' | 'at' | 'openedAt'> & Partial<AlertFacts>;

function momentFacts({ open }: Standing, tell: Telling, moment: Moment): MomentFacts {
  const { kind, at, firing: isFiring, suppressed, changes } = tell;
  const { value, openedAt, endedBy } = moment;
  const facts = { value, at, openedAt, suppressed };
  if (kind === 'recovered') return { ...facts, endedBy };
  if (kind === 'unstable' || kind === 'digest' || kind === 'settled') {
    return { ...facts, changes, isFiring, isStill: kind === 'digest' };
  }
  return { ...facts, openedBy: open?.openedBy, isStill: kind === 'stillFiring' || kind === 'repeat' };
}

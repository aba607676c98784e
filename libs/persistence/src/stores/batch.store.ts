import type { InstanceChange } from '@app/rules';
import type { Database } from '../database';
import type { AlertToEnd, AlertToOpen, NotificationToSave } from './alert.store';
import { COMMIT_BATCH } from './batch.sql';
import type { DeadLetter } from './dead-letter.store';
import type { StoredValue } from './series.store';

export interface PartitionMove {
  log: string;
  partition: number;
  epoch: number;
  from: number;
  to: number;
  /** Moves with `to` when the last values are written in the same transaction. */
  checkpoint: boolean;
}

/** A change to persist. A number says under which condition it was newly armed; `forget` that it no longer is. */
export interface InstanceStateToSave extends Omit<InstanceChange, 'transition' | 'value'> {
  conditionVersion: number | 'keep' | 'forget';
}

/** Everything that a batch, a rule change or a checkpoint does; all of it happens, or none. */
export interface BatchEffects {
  move: PartitionMove;
  states: InstanceStateToSave[];
  opened: AlertToOpen[];
  /** Of alerts that stood open before this batch; those it opened itself end in `opened`. */
  ended: AlertToEnd[];
  notifications: NotificationToSave[];
  deadLetters: DeadLetter[];
  /** Last values to keep, only together with a checkpoint. */
  values: StoredValue[];
}

/** The one writer of what events cause, behind the compare-and-swap on (epoch, next offset). */
export class BatchStore {
  /** @param origin named in the wake-up, so that its sender can tell its own from others' */
  constructor(
    private readonly database: Database,
    private readonly origin = '',
  ) {}

  /** @returns false if another owner has moved or taken the partition: nothing is written then */
  async commit({ move, ...effects }: BatchEffects): Promise<boolean> {
    const [row] = await this.database.query<{ moved: number }>(COMMIT_BATCH, [
      move.log,
      move.partition,
      move.epoch,
      move.from,
      move.to,
      move.checkpoint,
      JSON.stringify(effects.states),
      JSON.stringify(effects.opened.map(alertRow)),
      JSON.stringify(effects.ended),
      JSON.stringify(effects.notifications.map((notification, position) => ({ ...notification, position }))),
      JSON.stringify(effects.deadLetters.map(letterRow)),
      JSON.stringify(effects.values),
      this.origin,
    ]);
    return row?.moved === 1;
  }
}

function alertRow({ context, end, ...alert }: AlertToOpen): object {
  const { instanceId, ruleId, conditionVersion, customerId, metric, subject, ruleTitle } = context;
  const { alertId, transitionSeq, conditionWords: condition, openedAt, openedValue } = alert;
  return {
    ...{
      alertId,
      instanceId,
      ruleId,
      conditionVersion,
      customerId,
      metric,
      subject,
      transitionSeq,
      ruleTitle,
    },
    ...{ condition, openedAt, openedValue },
    ...(end && { resolvedAt: end.resolvedAt, resolvedValue: end.resolvedValue, endedBy: end.endedBy }),
  };
}

/** Postgres keeps no NUL in text; a letter that cannot be stored would block the partition for ever. */
function letterRow({ key, payload, ...letter }: DeadLetter): object {
  return { ...letter, key: key && withoutNul(key), payload: withoutNul(payload) };
}

function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}

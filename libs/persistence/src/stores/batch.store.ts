import type { InstanceChange } from '@app/rules';
import type { Database } from '../database';
import type { AlertToAlter, AlertToEnd, AlertToOpen, NoticeToSave, NotificationToSave } from './alert.store';
import { COMMIT_BATCH } from './batch.sql';
import type { DeadLetter } from './dead-letter.store';
import { historyRow, type SeriesChunk } from './history.store';
import type { StoredMeasure } from './measure.store';
import type { StoredValue } from './series.store';

export interface PartitionMove {
  log: string;
  partition: number;
  epoch: number;
  from: number;
  to: number;
  /** Commits of this partition before this one. */
  commits: number;
  /** Moves with `to` when the last values are written in the same transaction. */
  checkpoint: boolean;
  /** The partition's clock, epoch ms; null leaves it. */
  clock: number | null;
  /** Since when it is listened to after an outage, epoch ms; null leaves it. */
  resumedAt: number | null;
}

/** A change to persist. A number says under which condition it was newly armed; `forget` that it no longer is. */
export interface InstanceStateToSave extends Omit<
  InstanceChange,
  'transition' | 'value' | 'openedBy' | 'endedBy'
> {
  conditionVersion: number | 'keep' | 'forget';
}

/** Everything that a batch, a timer, a rule change or a checkpoint does; all of it happens, or none. */
export interface BatchEffects {
  move: PartitionMove;
  states: InstanceStateToSave[];
  opened: AlertToOpen[];
  /** Of alerts that stood open before this batch; those it opened itself end in `opened`. */
  ended: AlertToEnd[];
  /** What else changes about alerts that were there before. */
  altered: AlertToAlter[];
  notices: NoticeToSave[];
  notifications: NotificationToSave[];
  deadLetters: DeadLetter[];
  /** Last values and measures to keep, only together with a checkpoint. */
  values: StoredValue[];
  measures: StoredMeasure[];
  /** What series stood at since the checkpoint before, at most one chunk for each. */
  history: SeriesChunk[];
}

/** The one writer of what events cause, behind the compare-and-swap on (epoch, next offset, commits). */
export class BatchStore {
  /** @param origin named in the wake-up, so that its sender can tell its own from others' */
  constructor(
    private readonly database: Database,
    private readonly origin = '',
  ) {}

  /** @returns false if another owner has moved or taken the partition: nothing is written then */
  async commit({ move, ...effects }: BatchEffects): Promise<boolean> {
    const [row] = await this.database
      .forRows(rowsOf(effects))
      .query<{ moved: number }>(COMMIT_BATCH, [
        move.log,
        move.partition,
        move.epoch,
        move.from,
        move.to,
        move.checkpoint,
        JSON.stringify(stateRows(effects)),
        JSON.stringify(effects.opened.map(alertRow)),
        JSON.stringify(alteredRows(effects)),
        JSON.stringify(
          effects.notifications.map((notification, position) => ({ ...notification, position })),
        ),
        JSON.stringify(effects.deadLetters.map(letterRow)),
        JSON.stringify(effects.values),
        this.origin,
        move.commits,
        move.clock,
        move.resumedAt,
        JSON.stringify(effects.measures),
        JSON.stringify(effects.history.map(historyRow)),
      ]);
    return row?.moved === 1;
  }
}

function rowsOf(effects: Omit<BatchEffects, 'move'>): number {
  return Object.values(effects).reduce((sum, rows: readonly unknown[]) => sum + rows.length, 0);
}

/** One row for each instance: a statement cannot update a row twice. */
function stateRows({ states, notices }: Pick<BatchEffects, 'states' | 'notices'>): Iterable<object> {
  if (notices.length === 0) return states;
  const rows = new Map<number, object>(states.map((state) => [state.instanceId, state]));
  for (const { instanceId, ...notice } of notices) {
    const row = rows.get(instanceId) ?? { instanceId, conditionVersion: 'keep' };
    rows.set(instanceId, { ...row, ...notice, hasNotice: true });
  }
  return [...rows.values()];
}

/** One row for each alert, as above. */
function alteredRows({ ended, altered }: Pick<BatchEffects, 'ended' | 'altered'>): object[] {
  const rows = new Map<string, object>();
  for (const alert of [...ended, ...altered]) {
    const key = `${alert.instanceId} ${alert.transitionSeq}`;
    rows.set(key, { ...rows.get(key), ...alert });
  }
  return [...rows.values()];
}

function alertRow({ context, end, conditionWords: condition, ...alert }: AlertToOpen): object {
  const { instanceId, ruleId, conditionVersion, customerId, metric, subject, ruleTitle } = context;
  return {
    ...{ instanceId, ruleId, conditionVersion, customerId, metric, subject, ruleTitle, condition },
    ...alert,
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

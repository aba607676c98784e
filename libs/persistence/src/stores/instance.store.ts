import type { ComposedTerms, Condition, InstanceDefinition, InstanceState } from '@app/rules';
import type { BinaryRow } from '../binary-row';
import type { Database } from '../database';
import type { RowsAhead } from '../rows-ahead';

/** A rule instance with what decides whether, and from which state, it is watched. */
export interface StoredInstance {
  definition: InstanceDefinition;
  state: InstanceState;
  /** Version of the condition that the state belongs to; null before it was armed the first time. */
  stateVersion: number | null;
  conditionVersion: number;
  /** The rule is active, the subject still belongs to it, and it is not spent under this condition. */
  watched: boolean;
  ruleStatus: string;
  /** A message of its alert waits for an instant, or for the end of a mute. */
  hasNoticeDue: boolean;
}

type Definition = InstanceDefinition;

/** An instance as it travels, without names: a million rows of named columns take the driver five seconds. */
type InstanceTuple = [
  id: number,
  metric: string,
  subject: string,
  operator: Definition['condition']['operator'],
  threshold: number,
  upper: number | null,
  recovery: number | null,
  lifecycle: Definition['lifecycle'],
  onCreate: Definition['onCreate'],
  state: InstanceState['state'],
  armed: boolean,
  spent: boolean,
  transitionSeq: number,
  stateVersion: number | null,
  conditionVersion: number,
  more: More | null,
];

/** What a plain rule that is watched and has nothing to tell goes without: each value costs PostgreSQL 0.2 us. */
interface More {
  watched: boolean;
  ruleStatus: string;
  hasNoticeDue: boolean;
  composed: ComposedTerms | null;
  progress: InstanceState['progress'];
  partnerId: number | null;
}

const WATCHED = `i.watched and r.status = 'active'
  and (not i.spent or i.condition_version is distinct from r.condition_version)`;

const COLUMNS = `i.id, r.metric, i.subject, r.operator, r.threshold, r.upper, r.recovery, r.lifecycle,
  r.on_create, i.state, i.armed, i.spent, i.transition_seq, i.condition_version, r.condition_version`;

const MORE = `case when not (${WATCHED}) or r.composed is not null or r.partner_rule_id is not null
    or i.notice_due_at is not null
  then json_build_object('watched', ${WATCHED}, 'ruleStatus', r.status, 'hasNoticeDue', i.notice_due_at is not null,
    'composed', r.composed, 'progress', i.progress, 'partnerId',
    (select p.id from rule_instances p where p.rule_id = r.partner_rule_id and p.subject = i.subject)) end`;

/** The rules of a partition and their state. The API owns the rules, the dispatcher their state. */
export class InstanceStore {
  constructor(private readonly database: Database) {}

  /** All instances that the partition's worker must hold, page by page; on their way at once if the store can spare it. */
  load(partition: number): RowsAhead<StoredInstance> {
    return this.database.copyAhead(LOAD_PARTITION, partition, decode);
  }

  /** Those of them that were never armed under the condition they have now. */
  loadUnarmed(partition: number): AsyncIterable<StoredInstance[]> {
    return this.database.copy(LOAD_UNARMED, partition, decode);
  }

  /** The instances of changed rules in these partitions, watched or not. */
  async ofRules(ruleIds: readonly string[], partition: number): Promise<StoredInstance[]> {
    const rows = await this.database.query<{ tuple: InstanceTuple }>(
      `select json_build_array(${COLUMNS}, ${MORE}) as tuple from rules r join rule_instances i on i.rule_id = r.id
       where r.id = any($1::uuid[]) and i.partition = $2 order by i.id`,
      [ruleIds, partition],
    );
    return rows.map(({ tuple }) => toStored(tuple));
  }

  /** Rules changed after the given revision, in order; for what was notified while nobody listened. */
  async rulesChangedSince(revision: number): Promise<{ ruleId: string; revision: number }[]> {
    return this.database.query(
      `select id as "ruleId", revision from rules where revision > $1 order by revision`,
      [revision],
    );
  }

  /** Instances whose alert has something to be told by now; the longest waiting first. */
  async withNoticeDue(
    partitions: readonly number[],
    now: number,
    limit: number,
  ): Promise<{ partition: number; instanceId: number }[]> {
    return this.database.query(NOTICES_DUE, [partitions, now, limit]);
  }

  /** Puts every instance where the log puts its subject; needed when the log's number of partitions changes. */
  async repartition(partitionOf: (subject: string) => number): Promise<void> {
    const subjects = await this.database.query<{ subject: string }>(
      'select distinct subject from rule_instances union select distinct subject from series',
    );
    const names = subjects.map((row) => row.subject);
    const partitions = names.map(partitionOf);
    for (const table of ['rule_instances', 'series', 'measures']) {
      await this.database.query(
        `update ${table} t set partition = m.partition
         from unnest($1::text[], $2::int[]) as m (subject, partition)
         where t.subject = m.subject and t.partition <> m.partition`,
        [names, partitions],
      );
    }
  }
}

/** Named for the test that shows its plan. */
export const LOAD_PARTITION = `select ${COLUMNS}, (${MORE})::text from rule_instances i join rules r on r.id = i.rule_id
  where i.partition = $1 and ${WATCHED}`;

const LOAD_UNARMED = `${LOAD_PARTITION} and i.condition_version is distinct from r.condition_version`;

/** Named for the test that shows its plan. */
export const NOTICES_DUE = `select partition, id as "instanceId" from rule_instances
  where partition = any($1::int[]) and notice_due_at <= to_timestamp($2::float8 / 1000.0)
  order by notice_due_at limit $3`;

const decode = (row: BinaryRow): StoredInstance => toStored(tupleOf(row));

/** Of columns that `WATCHED` rules always have, none is null. */
function tupleOf(row: BinaryRow): InstanceTuple {
  return [
    row.bigint()!,
    row.word()!,
    row.text()!,
    row.word() as InstanceTuple[3],
    row.bigint()!,
    row.bigint(),
    row.bigint(),
    row.word() as InstanceTuple[7],
    row.word() as InstanceTuple[8],
    row.word() as InstanceTuple[9],
    row.boolean(),
    row.boolean(),
    row.int()!,
    row.int(),
    row.int()!,
    moreOf(row.text()),
  ];
}

function moreOf(text: string | null): More | null {
  return text === null ? null : (JSON.parse(text) as More);
}

const PLAIN: More = {
  ...{
    watched: true,
    ruleStatus: 'active',
    hasNoticeDue: false,
    composed: null,
    progress: null,
    partnerId: null,
  },
};

function toStored(tuple: InstanceTuple): StoredInstance {
  const [instanceId, metric, subject, operator, threshold, upper, recovery] = tuple;
  const condition = { operator, threshold, upper, recovery };
  const more = tuple[15] ?? PLAIN;
  const { composed: terms, partnerId, progress, watched, ruleStatus, hasNoticeDue } = more;
  const composed = terms || partnerId !== null ? composedOf(terms, partnerId, metric, condition) : null;
  return {
    definition: {
      instanceId,
      metric,
      subject,
      condition,
      lifecycle: tuple[7],
      onCreate: tuple[8],
      composed,
    },
    state: { state: tuple[9], armed: tuple[10], spent: tuple[11], transitionSeq: tuple[12], progress },
    stateVersion: tuple[13],
    conditionVersion: tuple[14],
    watched,
    ruleStatus,
    hasNoticeDue,
  };
}

/** A pair is composed even where both conditions are plain, since one ends the other. */
function composedOf(
  terms: ComposedTerms | null,
  partnerInstanceId: number | null,
  metric: string,
  condition: Condition,
): ComposedTerms {
  if (terms) return { ...terms, partnerInstanceId };
  return {
    tree: { leaf: { metric, measure: { kind: 'value' }, condition, maxAgeMs: null } },
    ...{ levels: [], forMs: 0, keepFiringMs: 0, noData: null, rearmAfterMs: null },
    ...{ expiresAt: null, onExpiry: 'cancel', maxFirings: null, partnerInstanceId },
  };
}

import type { ComposedTerms, InstanceDefinition, InstanceState } from '@app/rules';
import type { Database } from '../database';
import { PAGE_ROWS, columnsOf, pages, rowsOf, type Columns } from './pages';

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

interface InstanceRow {
  id: number;
  metric: string;
  subject: string;
  operator: InstanceDefinition['condition']['operator'];
  threshold: number;
  upper: number | null;
  recovery: number | null;
  lifecycle: InstanceDefinition['lifecycle'];
  onCreate: InstanceDefinition['onCreate'];
  state: InstanceState['state'];
  armed: boolean;
  spent: boolean;
  transitionSeq: number;
  stateVersion: number | null;
  conditionVersion: number;
  watched: boolean;
  ruleStatus: string;
  composed: ComposedTerms | null;
  progress: InstanceState['progress'];
  partnerId: number | null;
  hasNoticeDue: boolean;
}

const COLUMNS = `i.id, r.metric, i.subject, r.operator, r.threshold, r.upper, r.recovery, r.lifecycle,
  r.on_create as "onCreate", i.state, i.armed, i.spent, i.transition_seq as "transitionSeq",
  i.condition_version as "stateVersion", r.condition_version as "conditionVersion",
  i.watched and r.status = 'active' and (not i.spent or i.condition_version is distinct from r.condition_version)
    as watched, r.status as "ruleStatus", r.composed, i.progress,
  case when r.partner_rule_id is not null then
    (select p.id from rule_instances p where p.rule_id = r.partner_rule_id and p.subject = i.subject) end as "partnerId",
  i.notice_due_at is not null as "hasNoticeDue"`;

const NAMES = [
  ...[
    'id',
    'metric',
    'subject',
    'operator',
    'threshold',
    'upper',
    'recovery',
    'lifecycle',
    'onCreate',
    'state',
  ],
  ...[
    'armed',
    'spent',
    'transitionSeq',
    'stateVersion',
    'conditionVersion',
    'watched',
    'ruleStatus',
    'composed',
  ],
  ...['progress', 'partnerId', 'hasNoticeDue'],
];

/** The rules of a partition and their state. The API owns the rules, the dispatcher their state. */
export class InstanceStore {
  constructor(private readonly database: Database) {}

  /** All instances that the partition's worker must hold, page by page. */
  load(partition: number): AsyncIterable<StoredInstance[]> {
    return this.readPages(LOAD_PARTITION, partition);
  }

  /** Those of them that were never armed under the condition they have now. */
  loadUnarmed(partition: number): AsyncIterable<StoredInstance[]> {
    return this.readPages(LOAD_UNARMED, partition);
  }

  private async *readPages(
    statement: string,
    partition: number,
  ): AsyncGenerator<StoredInstance[], void, undefined> {
    const read = async (after: InstanceRow | null): Promise<InstanceRow[]> => {
      const parameters = [partition, after?.id ?? 0, PAGE_ROWS];
      const [page] = await this.database.query<Columns<InstanceRow>>(statement, parameters);
      return rowsOf(page);
    };
    for await (const rows of pages(read)) yield rows.map(toStored);
  }

  /** The instances of changed rules in these partitions, watched or not. */
  async ofRules(ruleIds: readonly string[], partition: number): Promise<StoredInstance[]> {
    const rows = await this.database.query<InstanceRow>(
      `select ${COLUMNS} from rules r join rule_instances i on i.rule_id = r.id
       where r.id = any($1::uuid[]) and i.partition = $2 order by i.id`,
      [ruleIds, partition],
    );
    return rows.map(toStored);
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

const watchedWhere = (more: string): string => `select ${columnsOf(NAMES)} from (
  select ${COLUMNS} from rule_instances i join rules r on r.id = i.rule_id
  where i.partition = $1 and i.id > $2 and i.watched and r.status = 'active' and (${more})
  order by i.id limit $3) page`;

/** Named for the test that shows its plan. */
export const LOAD_PARTITION = watchedWhere(
  'not i.spent or i.condition_version is distinct from r.condition_version',
);

const LOAD_UNARMED = watchedWhere('i.condition_version is distinct from r.condition_version');

/** Named for the test that shows its plan. */
export const NOTICES_DUE = `select partition, id as "instanceId" from rule_instances
  where partition = any($1::int[]) and notice_due_at <= to_timestamp($2::float8 / 1000.0)
  order by notice_due_at limit $3`;

function toStored(row: InstanceRow): StoredInstance {
  const { operator, threshold, upper, recovery, progress } = row;
  const composed = composedOf(row);
  return {
    definition: {
      instanceId: row.id,
      metric: row.metric,
      subject: row.subject,
      condition: { operator, threshold, upper, recovery },
      lifecycle: row.lifecycle,
      onCreate: row.onCreate,
      ...(composed && { composed }),
    },
    state: {
      state: row.state,
      armed: row.armed,
      spent: row.spent,
      transitionSeq: row.transitionSeq,
      ...(progress && { progress }),
    },
    stateVersion: row.stateVersion,
    conditionVersion: row.conditionVersion,
    watched: row.watched,
    ruleStatus: row.ruleStatus,
    hasNoticeDue: row.hasNoticeDue,
  };
}

/** A pair is composed even where both conditions are plain, since one ends the other. */
function composedOf({ composed, partnerId, metric, ...row }: InstanceRow): ComposedTerms | null {
  if (composed) return { ...composed, partnerInstanceId: partnerId };
  if (partnerId === null) return null;
  const { operator, threshold, upper, recovery } = row;
  const condition = { operator, threshold, upper, recovery };
  return {
    tree: { leaf: { metric, measure: { kind: 'value' }, condition, maxAgeMs: null } },
    ...{ levels: [], forMs: 0, keepFiringMs: 0, noData: null, rearmAfterMs: null },
    ...{ expiresAt: null, onExpiry: 'cancel', maxFirings: null, partnerInstanceId: partnerId },
  };
}

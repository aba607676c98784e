import type { InstanceDefinition, InstanceState } from '@app/rules';
import type { Database } from '../database';

/** A rule instance with what decides whether, and from which state, it is watched. */
export interface StoredInstance {
  definition: InstanceDefinition;
  state: InstanceState;
  /** Version of the condition that the state belongs to; null before it was armed the first time. */
  stateVersion: number | null;
  conditionVersion: number;
  /** The rule is active, the subject still belongs to it, and a `once` instance has not fired under this condition. */
  watched: boolean;
  ruleStatus: string;
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
}

const COLUMNS = `i.id, r.metric, i.subject, r.operator, r.threshold, r.upper, r.recovery, r.lifecycle,
  r.on_create as "onCreate", i.state, i.armed, i.spent, i.transition_seq as "transitionSeq",
  i.condition_version as "stateVersion", r.condition_version as "conditionVersion",
  i.watched and r.status = 'active' and (not i.spent or i.condition_version is distinct from r.condition_version)
    as watched, r.status as "ruleStatus"`;

/** The rules of a partition and their state. The API owns the rules, the dispatcher their state. */
export class InstanceStore {
  constructor(private readonly database: Database) {}

  /** All instances that the partition's worker must hold. */
  async load(partition: number): Promise<StoredInstance[]> {
    const rows = await this.database.query<InstanceRow>(LOAD_PARTITION, [partition]);
    return rows.map(toStored);
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

  /** Puts every instance where the log puts its subject; needed when the log's number of partitions changes. */
  async repartition(partitionOf: (subject: string) => number): Promise<void> {
    const subjects = await this.database.query<{ subject: string }>(
      'select distinct subject from rule_instances union select distinct subject from series',
    );
    const names = subjects.map((row) => row.subject);
    const partitions = names.map(partitionOf);
    for (const table of ['rule_instances', 'series']) {
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
export const LOAD_PARTITION = `select ${COLUMNS}
  from rule_instances i join rules r on r.id = i.rule_id
  where i.partition = $1 and i.watched and r.status = 'active'
    and (not i.spent or i.condition_version is distinct from r.condition_version)`;

function toStored(row: InstanceRow): StoredInstance {
  const { operator, threshold, upper, recovery } = row;
  return {
    definition: {
      instanceId: row.id,
      metric: row.metric,
      subject: row.subject,
      condition: { operator, threshold, upper, recovery },
      lifecycle: row.lifecycle,
      onCreate: row.onCreate,
    },
    state: { state: row.state, armed: row.armed, spent: row.spent, transitionSeq: row.transitionSeq },
    stateVersion: row.stateVersion,
    conditionVersion: row.conditionVersion,
    watched: row.watched,
    ruleStatus: row.ruleStatus,
  };
}

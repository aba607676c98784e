import type { Channel, Metric } from '@app/contracts';
import type { Condition, Lifecycle, OnCreate } from '@app/rules';
import type { Database, Queryable } from '../database';
import { lockCustomer, ownedSubjects } from './owned-instances';

/** `removed` rules stay for the alerts that refer to them. */
export type RuleStatus = 'active' | 'paused' | 'removed';

/** What a customer decides about a rule. */
export interface RuleTerms {
  title: string;
  metric: string;
  condition: Condition;
  subjectKind: 'listed' | 'owned';
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  topic: string;
  channels: Channel[] | null;
  notifyRecovery: boolean;
}

export interface KeptRule extends RuleTerms {
  ruleId: string;
  customerId: string;
  status: RuleStatus;
  conditionVersion: number;
  /** Grows with every change; a change that was decided on an older one is refused. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  /** Catalogue entry of its metric. */
  metricEntry: Metric;
  /** Its place in the customer's list. */
  cursor: string;
}

/** One rule on one subject, with the series' last value as the dispatcher saved it. */
export interface KeptInstance {
  ruleId: string;
  subject: string;
  state: string;
  since: Date | null;
  lastValue: number | null;
  lastAt: Date | null;
}

export type RuleRefusal =
  { kind: 'tooMany' } | { kind: 'notOwned'; subjects: string[] } | { kind: 'changedMeanwhile' };

/** The customers' rules and which subjects each of them watches; the dispatcher owns the instances' state. */
export class RuleBookStore {
  constructor(
    private readonly database: Database,
    private readonly partitionOf: (subject: string) => number,
  ) {}

  /**
   * Saves a rule with its instances. Saving the same id again changes nothing, so that a repeated request
   * with the same idempotency key makes one rule.
   * @param subjects for `listed` rules; `owned` ones take what the customer owns
   */
  async create(
    rule: RuleTerms & { ruleId: string; customerId: string },
    subjects: readonly string[],
    maxRules: number,
  ): Promise<{ kind: 'saved' } | RuleRefusal> {
    return this.database.transaction(async (transaction) => {
      const { ruleId, customerId } = rule;
      await lockCustomer(transaction, customerId);
      if ((await countOther(transaction, customerId, ruleId)) >= maxRules) return { kind: 'tooMany' };
      const notOwned = await this.notOwned(transaction, rule, subjects);
      if (notOwned.length > 0) return { kind: 'notOwned', subjects: notOwned };
      const saved = await transaction.query(INSERT, [ruleId, customerId, ...columnsOf(rule)]);
      if (saved.length > 0) await this.watch(transaction, rule, subjects);
      return { kind: 'saved' };
    });
  }

  /**
   * @param subjects the new list, or null to leave the instances alone
   * @param rearm true if the condition changed: its instances start anew
   */
  async change(
    rule: RuleTerms & { ruleId: string; customerId: string; revision: number },
    subjects: readonly string[] | null,
    rearm: boolean,
  ): Promise<{ kind: 'saved' } | RuleRefusal> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, rule.customerId);
      const notOwned = await this.notOwned(transaction, rule, subjects ?? []);
      if (notOwned.length > 0) return { kind: 'notOwned', subjects: notOwned };
      const changed = await transaction.query(UPDATE, [
        rule.ruleId,
        rule.customerId,
        ...columnsOf(rule),
        rearm ? 1 : 0,
        rule.revision,
      ]);
      if (changed.length === 0) return { kind: 'changedMeanwhile' };
      if (subjects !== null) await this.watch(transaction, rule, subjects);
      else await announce(transaction, rule.ruleId);
      return { kind: 'saved' };
    });
  }

  /** @returns false if the customer has no such rule */
  async setStatus(customerId: string, ruleId: string, status: RuleStatus): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const changed = await transaction.query(
        `update rules set status = $3, revision = nextval('rule_revisions'), updated_at = now()
         where id = $2 and customer_id = $1 and status <> 'removed' returning 1`,
        [customerId, ruleId, status],
      );
      if (changed.length === 0) return false;
      if (status === 'removed') {
        await transaction.query(`update rule_instances set watched = false where rule_id = $1`, [ruleId]);
      }
      await announce(transaction, ruleId);
      return true;
    });
  }

  async find(customerId: string, ruleId: string): Promise<KeptRule | null> {
    const [row] = await this.database.query<RuleRow>(`${RULES} and r.id = $2`, [customerId, ruleId]);
    return row ? toRule(row) : null;
  }

  /** Oldest first, after the given place; null starts at the beginning. */
  async list(customerId: string, after: string | null, limit: number): Promise<KeptRule[]> {
    const [at, id] = after?.split(' ') ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
    const rows = await this.database.query<RuleRow>(
      `${RULES} and (r.created_at, r.id) > ($2::timestamptz, $3::uuid) order by r.created_at, r.id limit $4`,
      [customerId, at, id, limit],
    );
    return rows.map(toRule);
  }

  /** What the rules watch now, by subject. */
  async instancesOf(ruleIds: readonly string[]): Promise<KeptInstance[]> {
    return this.database.query<KeptInstance>(
      `select i.rule_id as "ruleId", i.subject, i.state, i.since, s.value as "lastValue", s.at as "lastAt"
       from rule_instances i join rules r on r.id = i.rule_id
       left join series s on s.metric = r.metric and s.subject = i.subject
       where i.rule_id = any($1::uuid[]) and i.watched order by i.rule_id, i.subject`,
      [ruleIds],
    );
  }

  private async watch(
    transaction: Queryable,
    { ruleId, customerId, subjectKind }: Pick<KeptRule, 'ruleId' | 'customerId' | 'subjectKind'>,
    listed: readonly string[],
  ): Promise<void> {
    const subjects = subjectKind === 'owned' ? await ownedSubjects(transaction, customerId) : listed;
    await transaction.query(
      `update rule_instances set watched = false where rule_id = $1 and watched and subject <> all($2::text[])`,
      [ruleId, subjects],
    );
    await transaction.query(
      `insert into rule_instances (rule_id, subject, partition)
       select $1, subject, partition from unnest($2::text[], $3::int[]) as s (subject, partition)
       on conflict (rule_id, subject) do update set watched = true where not rule_instances.watched`,
      [ruleId, subjects, subjects.map(this.partitionOf)],
    );
    await announce(transaction, ruleId);
  }

  private async notOwned(
    transaction: Queryable,
    { customerId, metric, subjectKind }: Pick<KeptRule, 'customerId' | 'metric' | 'subjectKind'>,
    subjects: readonly string[],
  ): Promise<string[]> {
    if (subjectKind === 'owned') return [];
    const rows = await transaction.query<{ subject: string }>(
      `select s.subject from unnest($3::text[]) as s (subject), metrics m
       where m.name = $2 and m.visibility = 'owned' and not exists (
         select 1 from holdings h where h.customer_id = $1 and h.subject = s.subject and h.relation = 'owns')`,
      [customerId, metric, subjects],
    );
    return rows.map((row) => row.subject);
  }
}

async function countOther(transaction: Queryable, customerId: string, ruleId: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `select count(*) as count from rules where customer_id = $1 and status <> 'removed' and id <> $2`,
    [customerId, ruleId],
  );
  return row?.count ?? 0;
}

async function announce(transaction: Queryable, ruleId: string): Promise<void> {
  await transaction.query(`select pg_notify('rule_changed', $1)`, [ruleId]);
}

function columnsOf({ condition, ...terms }: RuleTerms): unknown[] {
  const { operator, threshold, upper, recovery } = condition;
  const { title, metric, subjectKind, lifecycle, onCreate, topic, channels, notifyRecovery } = terms;
  return [
    title,
    metric,
    operator,
    threshold,
    upper,
    recovery,
    subjectKind,
    lifecycle,
    onCreate,
    topic,
    channels,
    notifyRecovery,
  ];
}

const INSERT = `insert into rules (id, customer_id, title, metric, operator, threshold, upper, recovery, subject_kind,
    lifecycle, on_create, topic, channels, notify_recovery, status)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'active')
  on conflict (id) do nothing returning 1`;

const UPDATE = `update rules set title = $3, metric = $4, operator = $5, threshold = $6, upper = $7, recovery = $8,
    subject_kind = $9, lifecycle = $10, on_create = $11, topic = $12, channels = $13, notify_recovery = $14,
    condition_version = condition_version + $15, revision = nextval('rule_revisions'), updated_at = now()
  where id = $1 and customer_id = $2 and revision = $16 and status <> 'removed' returning 1`;

const RULES = `select r.id as "ruleId", r.customer_id as "customerId", r.title, r.metric, r.operator, r.threshold, r.upper,
    r.recovery, r.subject_kind as "subjectKind", r.lifecycle, r.on_create as "onCreate", r.topic, r.channels,
    r.notify_recovery as "notifyRecovery", r.status, r.condition_version as "conditionVersion", r.revision,
    r.created_at as "createdAt", r.updated_at as "updatedAt",
    to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || r.id as cursor,
    jsonb_build_object('name', m.name, 'title', m.title, 'unit', m.unit, 'scale', m.scale, 'kind', m.kind,
      'visibility', m.visibility) as "metricEntry"
  from rules r join metrics m on m.name = r.metric
  where r.customer_id = $1 and r.status <> 'removed'`;

type RuleRow = Omit<KeptRule, 'condition'> & Condition;

function toRule({ operator, threshold, upper, recovery, ...rest }: RuleRow): KeptRule {
  return { ...rest, condition: { operator, threshold, upper, recovery } };
}

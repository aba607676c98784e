import type { Database, Queryable } from '../database';
import { lockCustomer, notOwnedSubjects, ownedSubjects } from './owned-instances';
import { columnsOf, INSERT_RULE, RULES, toRule, UPDATE_RULE, type RuleRow } from './rule-book.sql';
import { pairRules } from './rule-pairs';
import { metricsOf } from './rule-record';
import type { KeptInstance, KeptRule, RuleRefusal, RuleStatus, RuleToSave } from './rule-record';

type Saved = { kind: 'saved' } | RuleRefusal;

/** Undoes what the transaction did before it met the refusal. */
class Refused extends Error {
  constructor(readonly refusal: RuleRefusal) {
    super(refusal.kind);
  }
}

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
  async create(rule: RuleToSave, subjects: readonly string[], maxRules: number): Promise<Saved> {
    return this.orRefuse(async (transaction) => {
      const { ruleId, customerId } = rule;
      await lockCustomer(transaction, customerId);
      if ((await countOther(transaction, customerId, ruleId)) >= maxRules)
        throw new Refused({ kind: 'tooMany' });
      await this.checkStanding(transaction, rule, subjects);
      const saved = await transaction.query(INSERT_RULE, [ruleId, customerId, ...columnsOf(rule)]);
      if (saved.length === 0) return;
      await this.watch(transaction, rule, subjects);
      await pair(transaction, rule);
    });
  }

  /**
   * @param subjects the new list, or null to leave the instances alone
   * @param rearm true if the condition changed: its instances start anew
   */
  async change(
    rule: RuleToSave & { revision: number },
    subjects: readonly string[] | null,
    rearm: boolean,
  ): Promise<Saved> {
    return this.orRefuse(async (transaction) => {
      await lockCustomer(transaction, rule.customerId);
      await this.checkStanding(transaction, rule, subjects ?? []);
      const changed = await transaction.query(UPDATE_RULE, [
        rule.ruleId,
        rule.customerId,
        ...columnsOf(rule),
        rearm ? 1 : 0,
        rule.revision,
      ]);
      if (changed.length === 0) throw new Refused({ kind: 'changedMeanwhile' });
      if (subjects !== null) await this.watch(transaction, rule, subjects);
      else await announce(transaction, rule.ruleId);
      await pair(transaction, rule);
    });
  }

  /** @returns false if the customer has no such rule */
  async setStatus(customerId: string, ruleId: string, status: RuleStatus): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const changed = await transaction.query(
        `update rules set status = $3, partner_rule_id = case when $3 = 'removed' then null else partner_rule_id end,
           revision = nextval('rule_revisions'), updated_at = now()
         where id = $2 and customer_id = $1 and status <> 'removed' returning 1`,
        [customerId, ruleId, status],
      );
      if (changed.length === 0) return false;
      if (status === 'removed') {
        await transaction.query(`update rule_instances set watched = false where rule_id = $1`, [ruleId]);
        await transaction.query(WIDOW, [ruleId, customerId]);
      }
      await announce(transaction, ruleId);
      return true;
    });
  }

  /**
   * Holds what a rule would tell back until then; null tells again at once.
   * @returns false if the customer has no such rule
   */
  async snooze(customerId: string, ruleId: string, until: Date | null): Promise<boolean> {
    const snoozed = await this.database.query(
      `with snoozed as (
         update rules set snoozed_until = $3, revision = nextval('rule_revisions'), updated_at = now()
         where id = $2 and customer_id = $1 and status <> 'removed' returning id)
       select pg_notify('rule_changed', id::text) from snoozed`,
      [customerId, ruleId, until],
    );
    return snoozed.length > 0;
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
      `select i.rule_id as "ruleId", i.subject, i.state, i.armed, i.progress, s.value as "lastValue", s.at as "lastAt"
       from rule_instances i join rules r on r.id = i.rule_id
       left join series s on s.metric = r.metric and s.subject = i.subject
       where i.rule_id = any($1::uuid[]) and i.watched order by i.rule_id, i.subject`,
      [ruleIds],
    );
  }

  private async orRefuse(save: (transaction: Queryable) => Promise<void>): Promise<Saved> {
    try {
      await this.database.transaction(save);
      return { kind: 'saved' };
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
  }

  /** What was read before the lock must still be so: the subjects the customer's, the registration as it was. */
  private async checkStanding(
    transaction: Queryable,
    rule: RuleToSave,
    subjects: readonly string[],
  ): Promise<void> {
    const { customerId, registrationVersion } = rule;
    const standing = await transaction.query(
      `select 1 from customers where id = $1 and updated_at = coalesce($2::timestamptz, updated_at)`,
      [customerId, registrationVersion],
    );
    if (standing.length === 0) throw new Refused({ kind: 'changedMeanwhile' });
    if (rule.subjectKind === 'owned') return;
    const notOwned = await notOwnedSubjects(transaction, customerId, metricsOf(rule), subjects);
    if (notOwned.length > 0) throw new Refused({ kind: 'notOwned', subjects: notOwned });
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
}

async function pair(transaction: Queryable, rule: RuleToSave): Promise<void> {
  const refusal = await pairRules(transaction, rule);
  if (refusal) throw new Refused(refusal);
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

/** The removed rule's partner goes on alone, in the state it is in: what it would end is not watched any more. */
const WIDOW = `with widowed as (
    update rules set partner_rule_id = null, revision = nextval('rule_revisions'), updated_at = now()
    where customer_id = $2 and partner_rule_id = $1 returning id)
  select pg_notify('rule_changed', id::text) from widowed`;

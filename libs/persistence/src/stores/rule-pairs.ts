import type { Queryable } from '../database';
import type { RuleRefusal, RuleToSave } from './rule-record';

/**
 * Makes two rules name each other, or lets go of an earlier partner. Whoever is newly paired or let go starts anew, so
 * that the engine never holds half a pair.
 * @param transaction holds the customer's row; rule and instances are written
 */
export async function pairRules(
  transaction: Queryable,
  { ruleId, customerId, partnerRuleId }: Pick<RuleToSave, 'ruleId' | 'customerId' | 'partnerRuleId'>,
): Promise<RuleRefusal | null> {
  await transaction.query(LET_GO, [ruleId, partnerRuleId, customerId]);
  if (partnerRuleId === null) return null;
  const [partner] = await transaction.query<{ partnerRuleId: string | null }>(
    `select partner_rule_id as "partnerRuleId" from rules
     where id = $1 and customer_id = $2 and status <> 'removed' and id <> $3`,
    [partnerRuleId, customerId, ruleId],
  );
  if (!partner) return { kind: 'partner', why: 'missing' };
  if (partner.partnerRuleId !== null && partner.partnerRuleId !== ruleId)
    return { kind: 'partner', why: 'taken' };
  const pair = await transaction.query(SAME_SUBJECT, [ruleId, partnerRuleId]);
  if (pair.length === 0) return { kind: 'partner', why: 'subjects' };
  if (partner.partnerRuleId === null) await transaction.query(NAME_BACK, [partnerRuleId, ruleId]);
  return null;
}

const LET_GO = `with let_go as (
    update rules set partner_rule_id = null, condition_version = condition_version + 1,
      revision = nextval('rule_revisions'), updated_at = now()
    where customer_id = $3 and partner_rule_id = $1 and id is distinct from $2::uuid returning id)
  select pg_notify('rule_changed', id::text) from let_go`;

/** A row only where both watch one listed subject, and it is the same: both instances then live in one partition. */
const SAME_SUBJECT = `select 1 from rule_instances a
  join rule_instances b on b.subject = a.subject and b.rule_id = $2 and b.watched
  where a.rule_id = $1 and a.watched
    and not exists (select 1 from rules where id in ($1, $2) and subject_kind <> 'listed')
    and 1 = all (select count(*) from rule_instances where rule_id in ($1, $2) and watched group by rule_id)`;

const NAME_BACK = `with named as (
    update rules set partner_rule_id = $2, condition_version = condition_version + 1,
      revision = nextval('rule_revisions'), updated_at = now()
    where id = $1 returning id)
  select pg_notify('rule_changed', id::text) from named`;

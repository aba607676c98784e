import type { Queryable } from '../database';
import type { RuleRefusal, RuleToSave } from './rule-record';

/**
 * Makes two rules name each other, and each other's only instance, or lets go of an earlier partner. Whoever is newly
 * paired or let go starts anew, so that the engine never holds half a pair.
 * @param transaction holds the customer's row; rule and instances are written
 */
export async function pairRules(
  transaction: Queryable,
  { ruleId, customerId, partner }: Pick<RuleToSave, 'ruleId' | 'customerId' | 'partner'>,
): Promise<RuleRefusal | null> {
  await transaction.query(LET_GO, [ruleId, partner?.ruleId ?? null]);
  if (!partner) return null;
  const [other] = await transaction.query<{ revision: number; partnerRuleId: string | null }>(
    `select revision, partner_rule_id as "partnerRuleId" from rules
     where id = $1 and customer_id = $2 and status <> 'removed' and id <> $3`,
    [partner.ruleId, customerId, ruleId],
  );
  if (!other) return { kind: 'partner', why: 'missing' };
  if (other.partnerRuleId !== null && other.partnerRuleId !== ruleId)
    return { kind: 'partner', why: 'taken' };
  if (other.revision !== partner.revision) return { kind: 'changedMeanwhile' };
  const [pair] = await transaction.query<{ own: number; others: number }>(ONLY_INSTANCES, [
    ruleId,
    partner.ruleId,
  ]);
  if (!pair) return { kind: 'partner', why: 'subjects' };
  await transaction.query(NAME_OWN, [ruleId, partner.ruleId, pair.others]);
  if (other.partnerRuleId === null)
    await transaction.query(NAME_BACK, [
      partner.ruleId,
      ruleId,
      JSON.stringify({ ...partner.composed, partnerInstanceId: pair.own }),
    ]);
  return null;
}

const LET_GO = `with let_go as (
    update rules set partner_rule_id = null, composed = jsonb_set(composed, '{partnerInstanceId}', 'null'),
      condition_version = condition_version + 1, revision = nextval('rule_revisions'), updated_at = now()
    where partner_rule_id = $1 and id is distinct from $2::uuid returning id)
  select pg_notify('rule_changed', id::text) from let_go`;

/** A row only where both watch one listed subject, and it is the same. */
const ONLY_INSTANCES = `select a.id as own, b.id as others from rule_instances a
  join rule_instances b on b.subject = a.subject and b.rule_id = $2 and b.watched
  where a.rule_id = $1 and a.watched
    and not exists (select 1 from rules where id in ($1, $2) and subject_kind <> 'listed')
    and 1 = all (select count(*) from rule_instances where rule_id in ($1, $2) and watched group by rule_id)`;

const NAME_OWN = `update rules set partner_rule_id = $2,
    composed = jsonb_set(composed, '{partnerInstanceId}', to_jsonb($3::bigint)) where id = $1`;

const NAME_BACK = `with named as (
    update rules set partner_rule_id = $2, composed = $3, condition_version = condition_version + 1,
      revision = nextval('rule_revisions'), updated_at = now()
    where id = $1 returning id)
  select pg_notify('rule_changed', id::text) from named`;

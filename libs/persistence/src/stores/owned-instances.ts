import type { Queryable } from '../database';
import { METRICS_IN_TREE } from './rule-book.sql';

/**
 * Makes the instances of a customer's rules follow what the customer owns: `owned` rules watch exactly that,
 * and a rule that names subjects and looks at an owned metric loses those that are no longer the customer's.
 * Rules whose instances changed get a new revision and are notified.
 * @param transaction holds the customer's row, and has already written the holdings
 */
export async function followHoldings(
  transaction: Queryable,
  customerId: string,
  partitionOf: (subject: string) => number,
): Promise<void> {
  const owned = await ownedSubjects(transaction, customerId);
  await transaction.query(
    `with joined as (
       insert into rule_instances (rule_id, subject, partition)
       select r.id, s.subject, s.partition
       from rules r cross join unnest($2::text[], $3::int[]) as s (subject, partition)
       where r.customer_id = $1 and r.subject_kind = 'owned' and r.status <> 'removed'
       on conflict (rule_id, subject) do update set watched = true where not rule_instances.watched
       returning rule_id),
     left_behind as (
       update rule_instances i set watched = false
       from rules r
       where i.rule_id = r.id and r.customer_id = $1 and i.watched and i.subject <> all($2::text[])
         and (r.subject_kind = 'owned' or exists (select 1 from metrics m where m.visibility = 'owned'
           and (m.name = r.metric or m.name in (${METRICS_IN_TREE}))))
       returning i.rule_id),
     changed as (
       update rules set revision = nextval('rule_revisions'), updated_at = now()
       where id in (select rule_id from joined union select rule_id from left_behind)
       returning id)
     select pg_notify('rule_changed', id::text) from changed`,
    [customerId, owned, owned.map(partitionOf)],
  );
}

export async function ownedSubjects(transaction: Queryable, customerId: string): Promise<string[]> {
  const rows = await transaction.query<{ subject: string }>(
    `select subject from holdings where customer_id = $1 and relation = 'owns' order by subject`,
    [customerId],
  );
  return rows.map((row) => row.subject);
}

/** The subjects of which one of the metrics may only be watched by an owner, who this customer is not. */
export async function notOwnedSubjects(
  database: Queryable,
  customerId: string,
  metrics: readonly string[],
  subjects: readonly string[],
): Promise<string[]> {
  const rows = await database.query<{ subject: string }>(
    `select s.subject from unnest($3::text[]) as s (subject)
     where exists (select 1 from metrics where name = any($2::text[]) and visibility = 'owned') and not exists (
       select 1 from holdings h where h.customer_id = $1 and h.subject = s.subject and h.relation = 'owns')`,
    [customerId, metrics, subjects],
  );
  return rows.map((row) => row.subject);
}

/** Serialises everything that depends on what a customer owns or has; false if there is no such customer. */
export async function lockCustomer(transaction: Queryable, customerId: string): Promise<boolean> {
  const rows = await transaction.query('select 1 from customers where id = $1 for update', [customerId]);
  return rows.length > 0;
}

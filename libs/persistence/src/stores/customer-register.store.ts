import type { Customer, Relation } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { audit, eraseFromAudit } from './audit.store';
import { followHoldings, lockCustomer } from './owned-instances';
import { replan } from './replan';
import { RULES, toJson, toRule, type RuleRow } from './rule-book.sql';
import type { KeptRule, RuleAdjustment } from './rule-record';

/** Numbers of a customer that rules may follow, by name: decimal text. */
export type Attributes = Record<string, string>;

/** What of a registration rules are read against. */
export interface RuleSetting {
  timeZone: string;
  attributes: Attributes;
}

/** A customer with everything that the host organisation says about them. */
export interface Registration extends Customer {
  attributes: Attributes;
  owns: string[];
  follows: string[];
}

/** Who the customers are, and what they own and follow. */
export class CustomerRegisterStore {
  constructor(
    private readonly database: Database,
    private readonly partitionOf: (subject: string) => number,
  ) {}

  /** @returns false if the id is taken; nothing is changed then */
  async create(registration: Registration): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const { id, name, timeZone, language, attributes } = registration;
      const created = await transaction.query(
        `insert into customers (id, name, time_zone, language, attributes) values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing returning 1`,
        [id, name, timeZone, language, attributes],
      );
      if (created.length === 0) return false;
      await writeHoldings(transaction, registration);
      return true;
    });
  }

  /**
   * Writes the whole registration; the customer's rules follow what they own, their attributes and their zone in the
   * same transaction.
   * @param follow says what becomes of the rules that may depend on them; whatever it throws undoes everything
   * @returns true if the customer is new
   */
  async replace(
    registration: Registration,
    follow: (rules: KeptRule[], before: RuleSetting) => RuleAdjustment[],
  ): Promise<boolean> {
    if (await this.create(registration)) return true;
    await this.database.transaction(async (transaction) => {
      const { id, name, timeZone, language, attributes } = registration;
      await lockCustomer(transaction, id);
      const [before] = await transaction.query<RuleSetting>(SETTING, [id]);
      const followers = await transaction.query<RuleRow>(`${RULES} and ${MAY_FOLLOW}`, [id]);
      if (before) await adjust(transaction, follow(followers.map(toRule), before));
      await transaction.query(
        `update customers set name = $2, time_zone = $3, language = $4, attributes = $5, updated_at = now()
         where id = $1`,
        [id, name, timeZone, language, attributes],
      );
      await writeHoldings(transaction, registration);
      await followHoldings(transaction, id, this.partitionOf);
      // Quiet hours, digests and caps are read in the zone.
      if (before && before.timeZone !== timeZone) await replan(transaction, id);
    });
    return false;
  }

  /** @returns with the registration's version, which changes with everything in it; null if there is no such customer */
  async setting(id: string): Promise<(RuleSetting & { version: string }) | null> {
    const [row] = await this.database.query<RuleSetting & { version: string }>(SETTING, [id]);
    return row ?? null;
  }

  async exists(id: string): Promise<boolean> {
    return (await this.database.query('select 1 from customers where id = $1', [id])).length > 0;
  }

  async find(id: string): Promise<Registration | null> {
    const [row] = await this.database.query<Registration>(`${REGISTRATIONS} where c.id = $1`, [id]);
    return row ?? null;
  }

  /** By id, after the given one. */
  async list(after: string, limit: number): Promise<Registration[]> {
    return this.database.query<Registration>(`${REGISTRATIONS} where c.id > $1 order by c.id limit $2`, [
      after,
      limit,
    ]);
  }

  /**
   * Erases a customer and every message to them. Their rules stop first, in a transaction of their own, so
   * that no dispatcher opens an alert whose rule is vanishing under it.
   * @returns false if there was none
   */
  async erase(id: string): Promise<boolean> {
    const found = await this.database.transaction(async (transaction) => {
      if (!(await lockCustomer(transaction, id))) return false;
      await transaction.query(STOP_RULES, [id]);
      return true;
    });
    if (!found) return false;
    await this.database.transaction(async (transaction) => {
      await transaction.query(LOCK_NOTIFICATIONS, [id]);
      const deliveries = await transaction.query<{ id: string }>(ERASE_DELIVERIES, [id]);
      for (const statement of ERASE) await transaction.query(statement, [id]);
      await transaction.query(ERASE_OUTBOX, [deliveries.map((delivery) => delivery.id)]);
      await eraseFromAudit(transaction, id);
      await audit(transaction, [
        { actor: 'system', action: 'customer.erased', customerId: null, detail: {} },
      ]);
    });
    return true;
  }
}

async function writeHoldings(transaction: Queryable, { id, owns, follows }: Registration): Promise<void> {
  const subjects = [...owns, ...follows];
  const relations: Relation[] = [
    ...owns.map(() => 'owns' as const),
    ...follows.map(() => 'follows' as const),
  ];
  await transaction.query(
    `delete from holdings h where customer_id = $1 and not exists (
       select 1 from unnest($2::text[], $3::text[]) as s (subject, relation)
       where s.subject = h.subject and s.relation = h.relation)`,
    [id, subjects, relations],
  );
  await transaction.query(
    `insert into holdings (customer_id, subject, relation)
     select $1, subject, relation from unnest($2::text[], $3::text[]) as s (subject, relation)
     on conflict do nothing`,
    [id, subjects, relations],
  );
}

/** One round trip for all of them; the dispatchers hear of each. */
async function adjust(transaction: Queryable, rules: readonly RuleAdjustment[]): Promise<void> {
  const rows = rules.map(({ ruleId, condition, composed, notices, rearm }) => ({
    id: ruleId,
    threshold: condition.threshold,
    composed,
    notices,
    rearm: rearm ? 1 : 0,
  }));
  if (rows.length > 0) await transaction.query(ADJUST, [toJson(rows)]);
}

const SETTING = `select time_zone as "timeZone", attributes, updated_at::text as version from customers where id = $1`;

/** Attributes are thresholds; zones stand in calendars, days and hours. */
const MAY_FOLLOW = `(r.threshold_attribute is not null or r.composed is not null or r.notices is not null)`;

const ADJUST = `with adjusted as (
    update rules r set threshold = a.threshold, composed = a.composed, notices = a.notices,
      condition_version = condition_version + a.rearm,
      revision = nextval('rule_revisions'), updated_at = now()
    from jsonb_to_recordset($1::jsonb) as a (id uuid, threshold bigint, composed jsonb, notices jsonb, rearm int)
    where r.id = a.id returning r.id)
  select pg_notify('rule_changed', id::text) from adjusted`;

const REGISTRATIONS = `select c.id, c.name, c.time_zone as "timeZone", c.language, c.attributes,
    array(select subject from holdings where customer_id = c.id and relation = 'owns' order by subject) as owns,
    array(select subject from holdings where customer_id = c.id and relation = 'follows' order by subject) as follows
  from customers c`;

const STOP_RULES = `with stopped as (
    update rules set status = 'removed', revision = nextval('rule_revisions'), updated_at = now()
    where customer_id = $1 returning id),
  unwatched as (
    update rule_instances set watched = false from stopped where rule_id = stopped.id and watched)
  select pg_notify('rule_changed', id::text) from stopped`;

// No delivery can join a notification that is locked so.
const LOCK_NOTIFICATIONS = `select 1 from notifications where customer_id = $1 order by id for update`;

// Waits for those whose message is being kept at this moment.
const ERASE_DELIVERIES = `delete from deliveries where customer_id = $1 returning id`;

// A page that is being planned at this moment is waited for; one that is planned later finds fewer people than were read.
/** What forbids an address goes with the last customer who has it; it would be an address kept for nobody. */
const ERASE_SUPPRESSIONS = `delete from suppressions s where s.customer_id = $1 or s.customer_id is null and exists (
    select 1 from contact_points p where p.customer_id = $1 and p.channel = s.channel and p.address = s.address)
  and not exists (
    select 1 from contact_points p where p.customer_id <> $1 and p.channel = s.channel and p.address = s.address)`;

const ERASE = [
  `update broadcast_pages set customer_ids = array_remove(customer_ids, $1) where customer_ids @> array[$1]`,
  `delete from broadcast_recipients where customer_id = $1`,
  `delete from notifications where customer_id = $1`,
  `delete from idempotency_records where principal = 'customer:' || $1`,
  `delete from inbound_messages where customer_id = $1 or channel = 'sms' and sender in (
     select address from contact_points where customer_id = $1 and channel = 'sms')`,
  ERASE_SUPPRESSIONS,
  `delete from customers where id = $1`,
  `delete from inbox_messages where customer_id = $1`,
];

// Messages last, when none can be kept any more; they know their delivery by id only, and no foreign key takes them along.
const ERASE_OUTBOX = `delete from outbox_messages where delivery_id = any($1::uuid[])`;

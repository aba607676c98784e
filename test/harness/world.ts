import { randomUUID } from 'node:crypto';
import type { Metric } from '@app/contracts';
import type { EventLog } from '@app/event-log';
import type { Queryable } from '@app/persistence';
import type { ComposedTerms, Condition, NoticePolicy, Severity } from '@app/rules';

export const BALANCE: Metric = {
  name: 'account.balance',
  title: 'balance',
  unit: 'EUR',
  scale: 2,
  kind: 'gauge',
  visibility: 'owned',
};

export interface RuleWish {
  customerId?: string;
  metric?: string;
  subjects?: string[];
  condition?: Partial<Condition>;
  lifecycle?: 'recurring' | 'once';
  onCreate?: 'fireIfBreached' | 'waitForCross';
  channels?: string[] | null;
  notifyRecovery?: boolean;
  composed?: ComposedTerms | null;
  notices?: NoticePolicy | null;
  partnerRuleId?: string | null;
  severity?: Severity | null;
}

const USUAL_CONDITION: Condition = { operator: 'below', threshold: 10_000, upper: null, recovery: null };
const USUAL_RULE = {
  customerId: 'ana',
  metric: BALANCE.name,
  subjects: ['account:42'],
  condition: {},
  lifecycle: 'recurring',
  onCreate: 'fireIfBreached',
  channels: null,
  notifyRecovery: true,
  composed: null,
  notices: null,
  partnerRuleId: null,
  severity: null,
} satisfies RuleWish;

/** Writes what the API would have written, for tests that start behind it. */
export class World {
  constructor(
    private readonly database: Queryable,
    private readonly log: Pick<EventLog, 'partitionOf'>,
  ) {}

  async metric(metric: Metric = BALANCE): Promise<void> {
    const { name, title, unit, scale, kind, visibility } = metric;
    await this.database.query(
      'insert into metrics (name, title, unit, scale, kind, visibility) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
      [name, title, unit, scale, kind, visibility],
    );
    await this.database.query(`select pg_notify('metric_changed', $1)`, [name]);
  }

  async customer(customerId: string, contacts: Record<string, string> = {}): Promise<void> {
    await this.database.query(
      `insert into customers (id, name, time_zone, language) values ($1, $2, 'Europe/Berlin', 'en')`,
      [customerId, customerId],
    );
    for (const [channel, address] of Object.entries(contacts)) {
      await this.database.query(
        'insert into contact_points (id, customer_id, channel, address, verified_at) values ($1, $2, $3, $4, now())',
        [randomUUID(), customerId, channel, address],
      );
    }
  }

  /** @returns the rule's id, once it is committed and told */
  async rule(wishes: RuleWish = {}): Promise<string> {
    const ruleId = randomUUID();
    const wish = { ...USUAL_RULE, ...wishes };
    const { customerId, metric, subjects } = wish;
    const { operator, threshold, upper, recovery } = { ...USUAL_CONDITION, ...wish.condition };
    await this.database.query(
      `with new_rule as (
         insert into rules (id, customer_id, title, metric, operator, threshold, upper, recovery, subject_kind, lifecycle,
           on_create, topic, channels, notify_recovery, status, composed, notices,
           partner_rule_id, severity)
         values ($1, $2, '', $3, $4, $5, $6, $7, 'listed', $8, $9, 'alerts', $10, $11, 'active', $14, $15, $16, $17) returning id),
       instances as (
         insert into rule_instances (rule_id, subject, partition)
         select id, subject, partition from new_rule, unnest($12::text[], $13::int[]) as s (subject, partition))
       select pg_notify('rule_changed', id::text) from new_rule`,
      [
        ruleId,
        customerId,
        metric,
        operator,
        threshold,
        upper,
        recovery,
        wish.lifecycle,
        wish.onCreate,
        wish.channels,
        wish.notifyRecovery,
        subjects,
        subjects.map((subject) => this.log.partitionOf(subject)),
        wish.composed && JSON.stringify(wish.composed),
        wish.notices && JSON.stringify(wish.notices),
        wish.partnerRuleId,
        wish.severity,
      ],
    );
    return ruleId;
  }
}

/** An event as a publisher writes it. */
export function anEvent(
  value: number | string,
  more: Record<string, unknown> = {},
): { key: string; value: string } {
  const event = {
    id: randomUUID(),
    source: 'core-banking',
    metric: BALANCE.name,
    subject: 'account:42',
    value,
    time: new Date().toISOString(),
    ...more,
  };
  return { key: event.subject, value: JSON.stringify(event) };
}

import { EventEmitter, once } from 'node:events';
import type { TestDatabase } from '../../harness/test-database';
import type { TestApi } from '../../harness/api-app';

export const BALANCE = {
  name: 'account.balance',
  title: 'balance',
  unit: 'EUR',
  scale: 2,
  kind: 'gauge',
  visibility: 'owned',
} as const;

export const DELAY = {
  name: 'flight.delay',
  title: 'delay',
  unit: 'min',
  scale: 0,
  kind: 'gauge',
  visibility: 'public',
} as const;

export async function defineMetrics(api: TestApi): Promise<void> {
  for (const metric of [BALANCE, DELAY]) {
    const { status } = await api.call(api.systemKey, { path: '/v1/metrics', body: metric });
    if (status > 201) throw new Error(`metric ${metric.name}: ${status}`);
  }
}

/** Registers, and gives the customer's token. */
export async function register(
  api: TestApi,
  id: string,
  more: { owns?: string[]; follows?: string[]; timeZone?: string } = {},
): Promise<string> {
  const body = {
    id,
    name: `Customer ${id}`,
    timeZone: 'Europe/Berlin',
    language: 'en',
    owns: [],
    follows: [],
    ...more,
  };
  const { status } = await api.call(api.systemKey, { path: '/v1/customers', body });
  if (status !== 201) throw new Error(`customer ${id}: ${status}`);
  return api.tokenOf(id);
}

/** The newest code for a contact point, read where the dispatcher would read it. */
export async function codeFor({ database }: TestDatabase, contactPointId: string): Promise<string> {
  const [row] = await database.query<{ code: string }>(
    `select facts ->> 'code' as code from notifications
     where kind = 'verificationCode' and facts ->> 'contactPointId' = $1 order by seq desc limit 1`,
    [contactPointId],
  );
  if (!row) throw new Error('no code was sent');
  return row.code;
}

export async function verifiedContactPoint(
  api: TestApi,
  own: TestDatabase,
  token: string,
  point: { channel: string; address: string },
): Promise<string> {
  const added = await api.call<{ contactPointId: string }>(token, {
    path: '/v1/me/contact-points',
    body: point,
  });
  const { contactPointId } = added.body;
  const code = await codeFor(own, contactPointId);
  const path = `/v1/me/contact-points/${contactPointId}/verification`;
  const verified = await api.call(token, { path, body: { code } });
  if (verified.status !== 200) throw new Error(`verification: ${verified.status}`);
  return contactPointId;
}

export interface SeededAlert {
  alertId: string;
  notificationId: string;
  deliveryId: string;
}

/** An alert with its notification and delivery, as the dispatcher would have written them for an existing rule. */
export async function seedAlert(
  { database }: TestDatabase,
  { customerId, ruleId, state = 'accepted' }: { customerId: string; ruleId: string; state?: string },
): Promise<SeededAlert> {
  const [row] = await database.query<SeededAlert>(
    `with alert as (
       insert into alerts (id, instance_id, rule_id, condition_version, customer_id, metric, subject, transition_seq,
         rule_title, condition, opened_at, opened_value)
       select gen_random_uuid(), i.id, r.id, 1, r.customer_id, r.metric, i.subject,
         (select count(*) + 1 from alerts where instance_id = i.id), r.title, 'is below 100.00 EUR', now(), 9950
       from rules r join rule_instances i on i.rule_id = r.id where r.id = $1 limit 1 returning id),
     notification as (
       insert into notifications (id, customer_id, topic, lane, kind, facts, alert_id, caused_at, planned_at)
       select gen_random_uuid(), $2, 'alerts', 'normal', 'alertFired', '{}', id, now(), now() from alert returning id, alert_id),
     decision as (
       insert into decisions (notification_id, channel, decision, reason)
       select id, 'sms', 'sent', 'byDefault' from notification),
     delivery as (
       insert into deliveries (id, notification_id, customer_id, channel, lane, state, attempt_no, expires_at, reason, provider)
       select gen_random_uuid(), id, $2, 'sms', 'normal', $3, 4, now() + interval '1 hour',
         case when $3 = 'failed' then 'serverError' else '' end, 'twilio'
       from notification returning id, notification_id),
     attempt as (
       insert into attempts (id, delivery_id, attempt_no, lease_epoch, provider, ended_at, outcome, reason)
       select gen_random_uuid(), id, 4, 4, 'twilio', now(), 'retryable', 'serverError' from delivery)
     select n.alert_id as "alertId", n.id as "notificationId", d.id as "deliveryId" from notification n, delivery d`,
    [ruleId, customerId, state],
  );
  if (!row) throw new Error('there is no such rule to seed an alert for');
  return row;
}

export async function createRule(
  api: TestApi,
  token: string,
  body: Record<string, unknown> = {},
): Promise<Record<string, unknown> & { ruleId: string }> {
  const rule = {
    metric: 'account.balance',
    subjects: 'owned',
    operator: 'below',
    threshold: '100.00',
    ...body,
  };
  const answer = await api.call<Record<string, unknown> & { ruleId: string }>(token, {
    path: '/v1/me/rules',
    body: rule,
  });
  if (answer.status !== 201) throw new Error(`rule: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What is notified on a channel of the database, and a way to wait for it. */
export class Notified {
  readonly payloads: string[] = [];
  private readonly news = new EventEmitter();

  static async on({ database }: TestDatabase, channel: string): Promise<Notified> {
    const notified = new Notified();
    await database.listen(channel, (payload) => {
      notified.payloads.push(payload);
      notified.news.emit('payload');
    });
    return notified;
  }

  /** Resolves once the payload has come, however long ago. @throws after five seconds */
  async of(payload: string): Promise<void> {
    const signal = AbortSignal.timeout(5_000);
    while (!this.payloads.includes(payload)) await once(this.news, 'payload', { signal });
  }
}

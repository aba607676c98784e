import { randomUUID } from 'node:crypto';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../../harness/api-app';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { SendGridSigner } from '../../harness/providers/signed-callbacks';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

const LINKS = {
  PUBLIC_URL: 'https://alerts.bank.example',
  LINK_SECRET: 'a secret that is long enough for the links',
};
const signer = new SendGridSigner();
let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;
beforeAll(async () => {
  own = await createTestDatabase(15);
  dispatcher = await startDispatcher(own.url, LINKS);
  api = await startApi(own.url, { ...LINKS, SENDGRID_WEBHOOK_KEYS: signer.publicKey });
});
afterAll(async () => {
  await api.close();
  await dispatcher.stop();
  await own.drop();
});

async function tell(customerId: string, title: string): Promise<void> {
  const facts = { serviceAlertId: randomUUID(), title, text: `${title}.`, severity: 'info' };
  await own.database.query(
    `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
       values (gen_random_uuid(), $1, 'service', 'normal', 'serviceAlert', $2, now()) returning 1)
     select pg_notify('notifications', '') from n`,
    [customerId, JSON.stringify(facts)],
  );
}
const deliveriesOf = (customerId: string, title: string) =>
  own.database.query<{ channel: string; state: string; attemptId: string; deliveryId: string }>(
    `select d.channel, d.state, a.id as "attemptId", d.id as "deliveryId" from deliveries d join notifications n on n.id = d.notification_id
     left join attempts a on a.delivery_id = d.id
     where d.customer_id = $1 and n.facts ->> 'title' = $2 order by d.channel`,
    [customerId, title],
  );

describe('a bounce', () => {
  it('suppresses its address within a second, is told elsewhere, and nothing goes there until it is lifted', async () => {
    const token = await register(api, 'ana');
    const address = 'ana@example.org';
    await verifiedContactPoint(api, own, token, { channel: 'email', address });
    await tell('ana', 'First');
    const sent = await eventually(
      () => deliveriesOf('ana', 'First'),
      (all) => all.length === 2 && all.every((one) => one.state === 'accepted'),
    );
    const email = sent.find((one) => one.channel === 'email');
    const { path, headers, body } = signer.callback([
      {
        ...{ email: address, event: 'bounce', type: 'bounce', timestamp: Math.floor(Date.now() / 1000) },
        ...{ sg_event_id: randomUUID(), sg_message_id: 'm.1', attempt_id: email?.attemptId },
      },
    ]);
    const posted = performance.now();
    expect((await fetch(`${api.url}${path}`, { method: 'POST', headers, body })).status).toBe(204);
    await eventually(
      () => own.database.query(`select 1 from suppressions where address = $1`, [address]),
      (rows) => rows.length === 1,
    );
    expect(performance.now() - posted).toBeLessThan(1_000);
    const inbox = await eventually(
      async () =>
        (await api.call<{ items: { subject: string; body: string }[] }>(token, { path: '/v1/me/inbox' })).body
          .items,
      (items) => items.some((item) => item.subject.startsWith('We no longer reach you')),
    );
    expect(JSON.stringify(inbox)).toContain('a…@example.org');
    await tell('ana', 'Second');
    const second = await eventually(
      () => deliveriesOf('ana', 'Second'),
      (all) => all.length > 0 && all.every((one) => one.state === 'accepted'),
    );
    expect(second.map((one) => one.channel)).toEqual(['inbox']);
    const { body: mine } = await api.call<{ items: { suppressionId: string }[] }>(token, {
      path: '/v1/me/suppressions',
    });
    await api.call(api.adminKey, {
      path: `/v1/suppressions/${mine.items[0]?.suppressionId}/lift`,
      body: { reason: 'It works again.' },
    });
    await tell('ana', 'Third');
    const third = await eventually(
      () => deliveriesOf('ana', 'Third'),
      (all) => all.length === 2 && all.every((one) => one.state === 'accepted'),
    );
    expect(third.map((one) => one.channel)).toEqual(['email', 'inbox']);
  });
});

import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@app/contracts';
import { CustomerRegisterStore, KeptMessageStore } from '@app/persistence';
import { aMessage } from '../harness/a-message';
import { eventually } from '../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';

let own: TestDatabase;
let customers: CustomerRegisterStore;
let kept: KeptMessageStore;
beforeAll(async () => {
  own = await createTestDatabase();
  customers = new CustomerRegisterStore(own.database, () => 0);
  kept = new KeptMessageStore(own.database);
});
afterAll(() => own.drop());

async function sending(id: string): Promise<OutgoingMessage> {
  await customers.create({
    id,
    name: 'N',
    timeZone: 'UTC',
    language: 'en',
    owns: [],
    attributes: {},
    follows: [],
  });
  const deliveryId = randomUUID();
  await own.database.query(
    `with notification as (
       insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
       values (gen_random_uuid(), $2, 'alerts', 'normal', 'alertFired', '{}', now(), now()) returning id)
     insert into deliveries (id, notification_id, customer_id, channel, lane, state, expires_at)
     select $1, id, $2, 'sms', 'normal', 'sending', now() + interval '1 hour' from notification`,
    [deliveryId, id],
  );
  return aMessage({ deliveryId, channel: 'sms', to: id });
}
const keep = (message: OutgoingMessage) =>
  Promise.all([kept.keepInOutbox(message), kept.keepInInbox(message)]);
const count = async () => {
  const rows = await own.database.query(
    'select delivery_id from outbox_messages union all select delivery_id from inbox_messages',
  );
  return rows.length;
};
const waitingForLock = () =>
  own.database.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );

describe('a message that is being sent while its customer is erased', () => {
  it('is kept as long as there is the customer, and is gone with them', async () => {
    const message = await sending('gone-after');
    await keep(message);
    await keep(message);
    expect(await count()).toBe(2);
    expect(await customers.erase('gone-after')).toBe(true);
    expect(await count()).toBe(0);
  });

  it('is not kept once they are erased', async () => {
    const message = await sending('gone-before');
    await customers.erase('gone-before');
    await keep(message);
    expect(await count()).toBe(0);
  });

  it('is gone, too, if it is kept in the very middle of the erasure', async () => {
    const message = await sending('gone-amid');
    // Another keeper holds the erasure up where it would remove the delivery.
    let erased: Promise<boolean> | undefined;
    await own.database.transaction(async (transaction) => {
      await transaction.query('select 1 from deliveries where id = $1 for key share', [message.deliveryId]);
      erased = customers.erase('gone-amid');
      await eventually(waitingForLock, (rows) => rows.length > 0, 5_000);
      await keep(message);
    });
    await erased;
    expect(await count()).toBe(0);
  });
});

import { CustomerRegisterStore } from '@app/persistence';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { PeopleToTell } from '../../harness/planning-crew';
import { quietNow } from '../../harness/quiet-now';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { World, anEvent } from '../../harness/world';

let own: TestDatabase;
let dispatcher: Dispatcher;
let people: PeopleToTell;

beforeEach(async () => {
  own = await createTestDatabase();
  dispatcher = await startDispatcher(own.url);
  people = new PeopleToTell(own.database);
});

afterEach(async () => {
  await dispatcher.stop();
  await own.drop();
});

const outbox = (): Promise<{ channel: string; body: string }[]> =>
  own.database.query('select channel, body from outbox_messages order by seq');
const wake = (): Promise<unknown> => own.database.query(`select pg_notify('notifications', '')`);

describe('a dispatcher', () => {
  it('tells an alert of a critical topic in lane urgent, and of any other in lane normal', async () => {
    const world = new World(own.database, dispatcher.log);
    await world.metric();
    await world.customer('ana', { sms: '+15550100001' });
    await world.rule({ channels: ['sms'] });
    await dispatcher.log.append([anEvent('50.00')]);
    await eventually(outbox, (kept) => kept.length === 1);
    await own.database.query(`insert into topics (name, policy) values ('alerts', '{"isCritical": true}')`);
    await dispatcher.log.append([anEvent('150.00'), anEvent('40.00')]);
    await eventually(outbox, (kept) => kept.length === 3);
    const lanes = await own.database.query('select lane from notifications order by seq');
    expect(lanes).toEqual([{ lane: 'normal' }, { lane: 'urgent' }, { lane: 'urgent' }]);
  });

  it('tells a digest whose time has come, once, on its own contact point', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    for (let n = 0; n < 3; n += 1) await people.notify('ann');
    await wake();
    await eventually(
      () => own.database.query('select 1 from digest_items'),
      (items) => items.length === 3,
    );
    await own.database.query(`update digests set closes_at = now() - interval '1 second'`);
    dispatcher.turnToDue();
    const [message] = await eventually(outbox, (kept) => kept.length === 1);
    expect(message).toMatchObject({ channel: 'sms' });
    expect(message?.body).toContain('3 alerts');
  });

  it('tells on the next channel when nobody has looked at the first', async () => {
    const steps = [
      { channels: ['email' as const], waitMs: 60_000, stopOn: 'seen' as const },
      { channels: ['sms' as const], waitMs: 0, stopOn: 'accepted' as const },
    ];
    await people.person('ann', { channels: ['email', 'sms'], sheet: { steps } });
    await people.notify('ann');
    await wake();
    await eventually(outbox, (kept) => kept.length === 1);
    await own.database.query(`update delivery_steps set due_at = now() - interval '1 second'`);
    dispatcher.turnToDue();
    const messages = await eventually(outbox, (kept) => kept.length === 2);
    expect(messages.map(({ channel }) => channel)).toEqual(['email', 'sms']);
  });

  it('holds by the clocks of where a customer lives now, once they have moved', async () => {
    const quietHours = quietNow('UTC');
    await people.person('ann', { channels: ['sms'], timeZone: 'UTC', sheet: { quietHours } });
    await people.notify('ann');
    await wake();
    await eventually(
      () => own.database.query(`select 1 from deliveries where deferred_by = 'quietHours'`),
      (held) => held.length === 1,
    );
    const register = new CustomerRegisterStore(own.database, () => 0);
    const ann = { id: 'ann', name: 'ann', language: 'en', attributes: {}, owns: [], follows: [] };
    await register.replace({ ...ann, timeZone: 'Etc/GMT-10' }, () => []);
    await expect(eventually(outbox, (kept) => kept.length === 1)).resolves.toHaveLength(1);
  });

  it('sends at once what was held for the night, when its customer gives up their quiet hours', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { quietHours: quietNow() } });
    await people.notify('ann');
    await wake();
    await eventually(
      () => own.database.query(`select 1 from deliveries where deferred_by = 'quietHours'`),
      (held) => held.length === 1,
    );
    await people.changeSheet('ann', {});
    await expect(eventually(outbox, (kept) => kept.length === 1)).resolves.toHaveLength(1);
  });
});

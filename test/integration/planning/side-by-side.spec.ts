import type { Lane } from '@app/contracts';
import { DigestStore, NotificationStore, StepStore, type SavedPlan } from '@app/persistence';
import { planPage } from '../../../apps/dispatcher/src/planning/plan-page';
import { tellDigest } from '../../../apps/dispatcher/src/planning/tell-digest';
import { PeopleToTell } from '../../harness/planning-crew';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const HOUR = 3_600_000;

let own: TestDatabase;
let people: PeopleToTell;
let notifications: NotificationStore;
let now: number;

beforeAll(async () => {
  own = await createTestDatabase();
  people = new PeopleToTell(own.database);
  notifications = new NotificationStore(own.database);
});
afterAll(() => own.drop());

beforeEach(async () => {
  await own.database.query('truncate customers, notifications cascade');
  now = Math.floor(Date.now() / HOUR) * HOUR + 10 * 60_000;
});

/** A planner that has made up its mind and not yet saved it. */
async function plan(lane: Lane = 'normal'): Promise<() => Promise<SavedPlan>> {
  const { page, recipients } = await notifications.pageToPlan(lane, 100);
  const terms = { now, publicCarriers: ['outbox'], onTrouble: (message: string) => expect(message).toBe('') };
  const planned = planPage(page, recipients, terms);
  return () => notifications.savePlan(page, recipients, planned);
}

const planAndSave = async (): Promise<SavedPlan> => (await plan())();
const close = (): Promise<number> =>
  new DigestStore(own.database).closeDue(now, 100, (closed) => closed.map(tellDigest));
const singly = (channel: string): Promise<{ id: string }[]> =>
  own.database.query(
    `select d.id from deliveries d join notifications n on n.id = d.notification_id where d.channel = $1 and n.kind <> 'digest'`,
    [channel],
  );
const digests = (): Promise<{ state: string; items: number }[]> =>
  own.database.query(
    `select state, (select count(*)::int from digest_items i where i.digest_id = g.id) as items from digests g order by closes_at`,
  );

describe('a plan that is saved', () => {
  it('after a digest has closed leaves it closed: the notification goes into the next one', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    await people.notify('ann');
    await planAndSave();
    await people.notify('ann');
    const save = await plan();
    now += HOUR;
    await close();
    expect((await save()).planned.size).toBe(0);
    await planAndSave();
    await expect(digests()).resolves.toEqual([
      { state: 'closed', items: 1 },
      { state: 'open', items: 1 },
    ]);
  });

  it('while its digest is being closed waits, and does not join what is told without it', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    await people.notify('ann');
    await planAndSave();
    await people.notify('ann');
    const save = await plan();
    now += HOUR;
    let saving: Promise<SavedPlan> | undefined;
    await new DigestStore(own.database).closeDue(now, 100, (closed) => {
      saving = save();
      return closed.map(tellDigest);
    });
    expect((await saving)?.planned.size).toBe(0);
    await expect(digests()).resolves.toEqual([{ state: 'closed', items: 1 }]);
  });

  it('just before its digest closes is told in it', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    await people.notify('ann');
    await planAndSave();
    await people.notify('ann');
    const save = await plan();
    now += HOUR;
    await Promise.all([save(), save(), close()]);
    await planAndSave();
    now += HOUR;
    await close();
    const told = await own.database.query<{ count: number }>(
      `select (facts ->> 'count')::int as count from notifications where kind = 'digest'`,
    );
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  it('after the customer has changed their mind does not count: it is made again by what they want now', async () => {
    await people.person('ann', { channels: ['sms'] });
    await people.notify('ann');
    const save = await plan();
    await people.changeSheet('ann', { digests: { alerts: { every: 'hour' } } });
    expect((await save()).planned.size).toBe(0);
    await planAndSave();
    await expect(singly('sms')).resolves.toEqual([]);
    await expect(digests()).resolves.toEqual([{ state: 'open', items: 1 }]);
  });

  it('while the customer changes their mind is taken back, or does not count', async () => {
    await people.person('ann', { channels: ['sms'] });
    await people.notify('ann');
    const save = await plan();
    await Promise.all([
      save(),
      people.changeSheet('ann', { digests: { alerts: { every: 'hour' } } }),
      save(),
    ]);
    await planAndSave();
    await expect(singly('sms')).resolves.toEqual([]);
    await expect(digests()).resolves.toEqual([{ state: 'open', items: 1 }]);
  });

  it('beside another one never exceeds a cap: what it had counted on is gone', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { caps: { sms: { perHour: 1 } } } });
    await people.notify('ann');
    await people.notify('ann', { lane: 'bulk' });
    const saves = [await plan('normal'), await plan('bulk')];
    for (const save of saves) await save();
    await expect(singly('sms')).resolves.toHaveLength(1);
    for (const lane of ['normal', 'bulk'] as const) await (await plan(lane))();
    await expect(singly('sms')).resolves.toHaveLength(1);
    await expect(digests()).resolves.toEqual([{ state: 'open', items: 1 }]);
    await expect(own.database.query('select used from cap_usage')).resolves.toEqual([{ used: 1 }]);
  });

  it('twice is saved once', async () => {
    await people.person('ann', { channels: ['sms'] });
    await people.notify('ann');
    const saves = [await plan(), await plan()];
    const saved = await Promise.all(saves.map((save) => save()));
    expect(saved.map(({ planned }) => planned.size).sort()).toEqual([0, 1]);
    await expect(singly('sms')).resolves.toHaveLength(1);
    await expect(own.database.query('select 1 from decisions')).resolves.toHaveLength(2);
  });

  it('does not wait for a customer whom somebody else is holding, and plans all the others', async () => {
    await people.person('ann', { channels: ['sms'] });
    await people.person('bob', { channels: ['sms'] });
    await people.notify('ann');
    await people.notify('bob');
    await own.database.transaction(async (transaction) => {
      await transaction.query(`select 1 from customers where id = 'ann' for update`);
      expect((await planAndSave()).planned.size).toBe(1);
    });
    expect((await planAndSave()).planned.size).toBe(1);
    await expect(singly('sms')).resolves.toHaveLength(2);
  });
});

describe('what a plan takes from a cap', () => {
  it('is given back when the plan is taken back', async () => {
    const caps = { sms: { perHour: 3 } };
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }];
    await people.person('ann', { channels: ['sms'], sheet: { caps, quietHours } });
    for (let n = 0; n < 5; n += 1) await people.notify('ann');
    await planAndSave();
    await people.changeSheet('ann', { caps });
    const used = () => own.database.query<{ used: number }>('select used from cap_usage where used > 0');
    await expect(used()).resolves.toEqual([]);
    await planAndSave();
    await expect(used()).resolves.toEqual([{ used: 3 }]);
    await expect(singly('sms')).resolves.toHaveLength(3);
  });
});

describe('a digest', () => {
  it('that nothing of is left is not told, and what fell out says why', async () => {
    await people.person('ann', {
      channels: ['sms'],
      sheet: { digests: { alerts: { every: 'hour' } }, whenOver: 'withdraw' },
    });
    const alertId = await people.alert('ann', { resolvedAt: now });
    await people.notify('ann', { alertId });
    await planAndSave();
    now += HOUR;
    await expect(close()).resolves.toBe(1);
    await expect(own.database.query(`select 1 from notifications where kind = 'digest'`)).resolves.toEqual(
      [],
    );
    const [last] = await own.database.query(
      'select decision, reason from decisions order by id desc limit 1',
    );
    expect(last).toEqual({ decision: 'withdrawn', reason: 'overMeanwhile' });
  });

  it('says of what is over when it ended', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    await people.notify('ann', { alertId: await people.alert('ann', { resolvedAt: now }) });
    await planAndSave();
    now += HOUR;
    await close();
    const [told] = await own.database.query(
      `select (facts #>> '{items,0,body,facts,endedAt}')::float8 as "endedAt" from notifications where kind = 'digest'`,
    );
    expect(told).toEqual({ endedAt: now - HOUR });
  });

  it('because of a cap says so, and how many came together', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { caps: { sms: { perHour: 2 } } } });
    for (let n = 0; n < 7; n += 1) await people.notify('ann');
    await planAndSave();
    now += HOUR;
    await close();
    const [told] = await own.database.query(
      `select facts ->> 'because' as because, (facts ->> 'count')::int as count from notifications where kind = 'digest'`,
    );
    expect(told).toEqual({ because: 'cap', count: 5 });
  });
});

describe('a recovery', () => {
  it('is not told where its firing still waits for the end of quiet hours, since that will tell of the end', async () => {
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' }];
    await people.person('ann', { channels: ['sms'], sheet: { quietHours } });
    const alertId = await people.alert('ann');
    await people.notify('ann', { alertId });
    await planAndSave();
    await people.notify('ann', { alertId, kind: 'alertRecovered' });
    await planAndSave();
    await expect(singly('sms')).resolves.toHaveLength(1);
    await expect(singly('inbox')).resolves.toHaveLength(2);
  });

  it('is told where its firing was told in a digest, and not where the digest told of the end', async () => {
    await people.person('ann', { channels: ['sms'], sheet: { digests: { alerts: { every: 'hour' } } } });
    const told = await people.alert('ann');
    const over = await people.alert('ann', { resolvedAt: now });
    await people.notify('ann', { alertId: told });
    await people.notify('ann', { alertId: over });
    await planAndSave();
    now += HOUR;
    await close();
    await people.notify('ann', { alertId: told, kind: 'alertRecovered' });
    await people.notify('ann', { alertId: over, kind: 'alertRecovered' });
    await planAndSave();
    await expect(digests()).resolves.toEqual([
      { state: 'closed', items: 2 },
      { state: 'open', items: 1 },
    ]);
  });
});

describe('the next step', () => {
  it('comes at once when the message of the one before came to nothing, though a copy lies in the inbox', async () => {
    const steps = [
      { channels: ['push' as const], waitMs: HOUR, stopOn: 'seen' as const },
      { channels: ['sms' as const], waitMs: 0, stopOn: 'accepted' as const },
    ];
    await people.person('ann', { channels: ['push', 'sms'], sheet: { steps } });
    await people.notify('ann');
    await planAndSave();
    await own.database.query(
      `update deliveries set state = 'accepted', lease_epoch = 1 where channel = 'inbox'`,
    );
    const advance = () => new StepStore(own.database).advance(now, 100);
    await expect(advance()).resolves.toEqual({ met: 0, advanced: 0 });
    await own.database.query(
      `update deliveries set state = 'failed', lease_epoch = 1 where channel = 'push'`,
    );
    await expect(advance()).resolves.toEqual({ met: 0, advanced: 1 });
    await planAndSave();
    await expect(singly('sms')).resolves.toHaveLength(1);
    await expect(singly('push')).resolves.toHaveLength(1);
    await expect(singly('inbox')).resolves.toHaveLength(1);
  });
});

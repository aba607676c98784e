import type { PreferenceSheet } from '@app/contracts';
import type { Dispatcher } from '../../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../../harness/api-app';
import { startDispatcher } from '../../harness/dispatcher-app';
import { eventually } from '../../harness/eventually';
import { PeopleToTell } from '../../harness/planning-crew';
import { quietNow } from '../../harness/quiet-now';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

interface Why {
  channel: string;
  decision: string;
  reason: string;
  words: string;
  isCurrent: boolean;
  delivery: { state: string } | null;
}

let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;
let people: PeopleToTell;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  dispatcher = await startDispatcher(own.url);
  people = new PeopleToTell(own.database);
});
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
  await own.drop();
});

const deliveryOf = async (notificationId: string) =>
  (
    await own.database.query<{ state: string; deferred_by: string; attempt_no: number }>(
      `select * from deliveries where notification_id = $1 and channel = 'sms'`,
      [notificationId],
    )
  )[0];

/** An alert that is held for quiet hours. */
async function held(id: string, sheet: PreferenceSheet = {}): Promise<string> {
  await people.person(id, { channels: ['sms'], sheet: { quietHours: quietNow(), ...sheet } });
  const notificationId = await people.notify(id, { alertId: await people.alert(id) });
  await own.database.query(`select pg_notify('notifications', '')`);
  await eventually(
    () => deliveryOf(notificationId),
    (delivery) => delivery?.deferred_by === 'quietHours',
  );
  return notificationId;
}

/** Its alert ends, and its time comes. */
async function timeComes(notificationId: string): Promise<void> {
  await own.database.query(
    `update alerts set resolved_at = now() where id = (select alert_id from notifications where id = $1)`,
    [notificationId],
  );
  await own.database.query(
    `update deliveries set not_before = now(), state = case when state = 'accepted' then 'retry' else state end
     where notification_id = $1 and channel = 'sms'`,
    [notificationId],
  );
  await own.database.query(`select pg_notify('deliveries', '')`);
}

const endsAs = (notificationId: string, state: string, tries: number) =>
  eventually(
    () => deliveryOf(notificationId),
    (delivery) => delivery?.state === state && delivery.attempt_no === tries,
  );

async function whyOf(id: string, notificationId: string): Promise<Why[]> {
  const path = `/v1/me/notifications/${notificationId}/why`;
  const { body } = await api.call<{ why: Why[] }>(await api.tokenOf(id), { path });
  return body.why.filter(({ channel }) => channel === 'sms');
}

describe('a message that was held and is looked at again when its time has come', () => {
  it('says that it went with its end where its alert was over, once however often it is tried', async () => {
    const notificationId = await held('ann');
    await timeComes(notificationId);
    await endsAs(notificationId, 'accepted', 1);
    await timeComes(notificationId);
    await endsAs(notificationId, 'accepted', 2);
    const why = await whyOf('ann', notificationId);
    expect(why.map(({ decision, isCurrent }) => [decision, isCurrent])).toEqual([
      ['deferred', false],
      ['reworded', true],
    ]);
    expect(why[1]).toMatchObject({
      words:
        'Sent in other words: it was over before its time came, so it says when it ended. It was handed over.',
      delivery: { state: 'accepted' },
    });
  });

  it('says that it was left out where its customer would rather not hear of what is over', async () => {
    const notificationId = await held('ben', { whenOver: 'withdraw' });
    await timeComes(notificationId);
    await endsAs(notificationId, 'withdrawn', 0);
    const why = await whyOf('ben', notificationId);
    expect(why.map(({ decision, isCurrent }) => [decision, isCurrent])).toEqual([
      ['deferred', false],
      ['withdrawn', true],
    ]);
    expect(why[1]).toMatchObject({
      reason: 'overMeanwhile',
      words: 'Left out: it was over before it was told, and you would rather not hear of what is over.',
      delivery: { state: 'withdrawn' },
    });
  });

  it('says that its address was closed, and by what, where that came after its plan', async () => {
    const notificationId = await held('cyd');
    await own.database.query(
      `insert into suppressions (id, channel, address, reason, source) values (gen_random_uuid(), 'sms', 'sms of cyd', 'bounced', 'test')`,
    );
    await timeComes(notificationId);
    await endsAs(notificationId, 'withdrawn', 0);
    const why = await whyOf('cyd', notificationId);
    expect(why.at(-1)).toMatchObject({
      ...{ decision: 'withdrawn', reason: 'addressSuppressed', isCurrent: true },
      words: 'Not sent: messages to this address came back.',
    });
  });
});

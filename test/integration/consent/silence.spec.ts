import { SilentPointsStore } from '@app/persistence';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const YEAR_AGO = (): Date => new Date(Date.now() - 365 * 86_400_000);
const age = (id: string, days: number) =>
  own.database.query(`update contact_points set verified_at = now() - $2 * interval '1 day' where id = $1`, [
    id,
    days,
  ]);
const proven = async (id: string): Promise<boolean> =>
  (await own.database.query(`select 1 from contact_points where id = $1 and verified_at is not null`, [id]))
    .length > 0;

describe('a number that nothing was sent to for a year', () => {
  it('loses its proof, its owner hears of it elsewhere, and it is proven again by a code', async () => {
    const token = await register(api, 'ana');
    const sms = await verifiedContactPoint(api, own, token, { channel: 'sms', address: '+4915112340001' });
    const email = await verifiedContactPoint(api, own, token, {
      channel: 'email',
      address: 'ana@example.org',
    });
    await age(sms, 366);
    await age(email, 366);
    const silence = new SilentPointsStore(own.database);
    expect(await silence.lapse(YEAR_AGO())).toBe(1);
    expect([await proven(sms), await proven(email)]).toEqual([false, true]);
    const told = await own.database.query(
      `select facts from notifications where customer_id = 'ana' and kind = 'contactPointLost'`,
    );
    expect(told).toEqual([
      { facts: { contactPointId: sms, channel: 'sms', addressHint: '+49…01', reason: 'silent' } },
    ]);
    const [entry] = await own.database.query(
      `select actor, action from audit_entries order by id desc limit 1`,
    );
    expect(entry).toEqual({ actor: 'system', action: 'contactPoint.lapsed' });
    expect(await silence.lapse(YEAR_AGO())).toBe(0);
    const again = await api.call(token, { method: 'POST', path: `/v1/me/contact-points/${sms}/code` });
    expect(again.status).toBe(202);
  });

  it('keeps its proof if it was proven, or heard from us, within the year', async () => {
    const token = await register(api, 'ben');
    const fresh = await verifiedContactPoint(api, own, token, { channel: 'sms', address: '+4915112340002' });
    const heard = await verifiedContactPoint(api, own, token, { channel: 'sms', address: '+4915112340003' });
    await age(heard, 400);
    await own.database.query(
      `with n as (insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at, planned_at)
         values (gen_random_uuid(), 'ben', 'alerts', 'normal', 'alertFired', '{}', now(), now()) returning id)
       insert into deliveries (id, notification_id, customer_id, contact_point_id, channel, lane, state, expires_at, finished_at)
       select gen_random_uuid(), id, 'ben', $1, 'sms', 'normal', 'accepted', now(), now() - interval '360 days' from n`,
      [heard],
    );
    expect(await new SilentPointsStore(own.database).lapse(YEAR_AGO())).toBe(0);
    expect([await proven(fresh), await proven(heard)]).toEqual([true, true]);
  });
});

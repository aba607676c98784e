import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { codeFor, register, verifiedContactPoint } from './fixtures';

let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { MAX_CONTACT_POINTS_PER_CUSTOMER: '3' });
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const add = (token: string, channel: string, address: string) =>
  api.call<{ contactPointId: string; address: string; verifiedAt: string | null }>(token, {
    path: '/v1/me/contact-points',
    body: { channel, address },
  });
const verify = (token: string, id: string, code: string) =>
  api.call(token, { path: `/v1/me/contact-points/${id}/verification`, body: { code } });
const sendCode = (token: string, id: string) =>
  api.call(token, { method: 'POST', path: `/v1/me/contact-points/${id}/code` });
const otherThan = (code: string): string => (code === '000000' ? '000001' : '000000');
/** Moves what was sent into the past, as time would. */
const letPass = (id: string, seconds: number) =>
  own.database.query(
    `update verification_codes set sent_at = sent_at - $2 * interval '1 second', expires_at = expires_at - $2 * interval '1 second'
     where contact_point_id = $1`,
    [id, seconds],
  );

describe('a contact point', () => {
  it('is kept in one form, sends a code at once, and counts only when the code has come back', async () => {
    const token = await register(api, 'ada');
    const added = await add(token, 'sms', ' +49 (151) 1234-5678 ');
    expect(added).toMatchObject({
      status: 201,
      body: { channel: 'sms', address: '+4915112345678', verifiedAt: null },
    });
    const { contactPointId } = added.body;
    const [sent] = await own.database.query(
      `select customer_id, topic, lane, channels, kind, planned_at from notifications where facts ->> 'contactPointId' = $1`,
      [contactPointId],
    );
    expect(sent).toEqual({
      customer_id: 'ada',
      topic: 'verification',
      lane: 'urgent',
      channels: ['sms'],
      kind: 'verificationCode',
      planned_at: null,
    });
    const verified = await verify(token, contactPointId, await codeFor(own, contactPointId));
    expect(verified).toMatchObject({ status: 200, body: { contactPointId, verifiedAt: expect.any(String) } });
    expect((await api.call(token, { path: '/v1/me/contact-points' })).body.items).toEqual([verified.body]);
  });

  it('never shows its code in any answer, and keeps no more than a hash of it', async () => {
    const token = await register(api, 'secretive');
    const { contactPointId } = (await add(token, 'email', 'secret@example.org')).body;
    const code = await codeFor(own, contactPointId);
    const texts = await Promise.all(
      ['/v1/me/contact-points', '/v1/me/deliveries', '/v1/me/inbox', '/v1/me/alerts'].map(async (path) =>
        JSON.stringify((await api.call(token, { path })).body),
      ),
    );
    expect(texts.join('')).not.toContain(code);
    const rows = await own.database.query('select * from verification_codes');
    expect(JSON.stringify(rows)).not.toContain(`"${code}"`);
  });

  it('that is there already is given back, without another code', async () => {
    const token = await register(api, 'again');
    const first = await add(token, 'email', 'Again@Example.ORG');
    const second = await add(token, 'email', ' Again@example.org');
    expect(second).toMatchObject({ status: 200, body: { contactPointId: first.body.contactPointId } });
    const [row] = await own.database.query<{ count: number }>(
      `select count(*) from notifications where customer_id = 'again'`,
    );
    expect(row?.count).toBe(1);
  });

  it.each([
    ['social', '@Ada@Mastodon.Example', '@ada@mastodon.example'],
    ['social', '@Ada.bsky.social', 'ada.bsky.social'],
    ['chat', 'https://hooks.slack.com/services/T1/B2/x', 'https://hooks.slack.com/services/T1/B2/x'],
    ['chat', 'telegram: 42', 'telegram:42'],
    ['voice', '+49 30 1234567', '+49301234567'],
  ])('on %s may be %s, kept as %s', async (channel, address, kept) => {
    const token = await register(api, `right-${Math.random()}`);
    expect(await add(token, channel, address)).toMatchObject({
      status: 201,
      body: { channel, address: kept },
    });
  });

  it.each([
    ['sms', '0151 12345678'],
    ['sms', '+0123456789'],
    ['sms', '+49151123456789012'],
    ['email', 'ada'],
    ['email', 'ada@localhost'],
    ['email', 'a b@example.org'],
    ['email', 'ada@example.org, eve@example.org'],
    ['email', 'ada@example..org'],
    ['social', '@ada'],
    ['social', '12345678901234567890'],
    ['inbox', 'ada'],
    ['push', 'token'],
    ['chat', 'https://example.org/hook'],
    ['chat', 'https://hooks.slack.com@evil.example/services/x'],
    ['voice', '112'],
  ])('on %s is refused for %s', async (channel, address) => {
    const token = await register(api, `wrong-${Math.random()}`);
    const answer = await add(token, channel, address);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ wouldBeRight: expect.any(String) }] } });
  });

  it('beyond the number allowed is refused until one is removed', async () => {
    const token = await register(api, 'many');
    const points = [];
    for (let n = 0; n < 3; n += 1) points.push((await add(token, 'social', `${n}`)).body.contactPointId);
    expect(await add(token, 'social', '9')).toMatchObject({
      status: 409,
      body: { type: '/problems/too-many-contact-points' },
    });
    expect(
      (await api.call(token, { method: 'DELETE', path: `/v1/me/contact-points/${points[0]}` })).status,
    ).toBe(204);
    expect((await add(token, 'social', '9')).status).toBe(201);
  });
});

describe('a code', () => {
  it('may be tried five times, and not a sixth', async () => {
    const token = await register(api, 'guesser');
    const { contactPointId } = (await add(token, 'email', 'guess@example.org')).body;
    const code = await codeFor(own, contactPointId);
    for (const left of [4, 3, 2, 1, 0]) {
      const answer = await verify(token, contactPointId, otherThan(code));
      expect(answer).toMatchObject({
        status: 422,
        body: { type: '/problems/wrong-code', detail: expect.stringContaining(`${left} tries left`) },
      });
    }
    expect((await verify(token, contactPointId, code)).status).toBe(422);
  });

  it('cannot be guessed faster by asking many times at once', async () => {
    const token = await register(api, 'racer');
    const { contactPointId } = (await add(token, 'email', 'race@example.org')).body;
    const code = await codeFor(own, contactPointId);
    const wrong = await Promise.all(
      Array.from({ length: 20 }, () => verify(token, contactPointId, otherThan(code))),
    );
    expect(wrong.filter((answer) => String(answer.body.detail).includes('tries left'))).toHaveLength(5);
    expect((await verify(token, contactPointId, code)).status).toBe(422);
  });

  it('runs out after ten minutes', async () => {
    const token = await register(api, 'late');
    const { contactPointId } = (await add(token, 'email', 'late@example.org')).body;
    const code = await codeFor(own, contactPointId);
    await letPass(contactPointId, 601);
    expect((await verify(token, contactPointId, code)).status).toBe(422);
  });

  it('can be asked for anew after half a minute, and then the one before counts no more', async () => {
    const token = await register(api, 'anew');
    const { contactPointId } = (await add(token, 'email', 'anew@example.org')).body;
    const first = await codeFor(own, contactPointId);
    const early = await sendCode(token, contactPointId);
    expect(early.status).toBe(429);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(25);
    await letPass(contactPointId, 31);
    expect((await sendCode(token, contactPointId)).status).toBe(202);
    const second = await codeFor(own, contactPointId);
    if (first !== second) expect((await verify(token, contactPointId, first)).status).toBe(422);
    expect((await verify(token, contactPointId, second)).status).toBe(200);
    expect((await sendCode(token, contactPointId)).status).toBe(409);
  });

  it('is sent five times at most before the last one has run out', async () => {
    const token = await register(api, 'eager');
    const { contactPointId } = (await add(token, 'email', 'eager@example.org')).body;
    for (let n = 0; n < 4; n += 1) {
      await letPass(contactPointId, 31);
      expect((await sendCode(token, contactPointId)).status).toBe(202);
    }
    await letPass(contactPointId, 31);
    expect((await sendCode(token, contactPointId)).status).toBe(429);
    await letPass(contactPointId, 600);
    expect((await sendCode(token, contactPointId)).status).toBe(202);
  });

  it('cannot be used to pester somebody by adding and removing their address', async () => {
    const token = await register(api, 'pest');
    const statuses: number[] = [];
    for (let n = 0; n < 22; n += 1) {
      const added = await add(token, 'sms', '+4915100000000');
      statuses.push(added.status);
      if (added.status === 201)
        await api.call(token, {
          method: 'DELETE',
          path: `/v1/me/contact-points/${added.body.contactPointId}`,
        });
    }
    expect(statuses).toEqual([...Array<number>(20).fill(201), 429, 429]);
  });

  it('given again after it was right changes nothing', async () => {
    const token = await register(api, 'twice');
    const id = await verifiedContactPoint(api, own, token, {
      channel: 'email',
      address: 'twice@example.org',
    });
    expect((await verify(token, id, '123456')).status).toBe(200);
  });
});

import { signLink, type Link } from '@app/links';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

const SECRET = 'a secret that is long enough for the links';
let own: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { PUBLIC_URL: 'https://alerts.bank.example', LINK_SECRET: SECRET });
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Person {
  id: string;
  token: string;
  email: string;
  contactPointId: string;
}
let people = 0;
async function person(): Promise<Person> {
  people += 1;
  const id = `reader-${people}`;
  const token = await register(api, id);
  const email = `${id}@example.org`;
  const contactPointId = await verifiedContactPoint(api, own, token, { channel: 'email', address: email });
  return { id, token, email, contactPointId };
}

const PATHS = { unsubscribe: 'u', preferences: 'p', verify: 'v' };
function pathOf({ id, contactPointId }: Person, over: Partial<Link> & Pick<Link, 'purpose'>): string {
  const link: Link = { customerId: id, contactPointId, channel: 'email', ...over };
  return `/${PATHS[link.purpose]}/${signLink(link, SECRET)}`;
}
const open = (path: string) => api.call<string>(null, { path });
const press = (path: string, form: Record<string, string | string[]>) =>
  api.call<string>(null, {
    method: 'POST',
    path,
    body: new URLSearchParams(
      Object.entries(form).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      ),
    ).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const switches = ({ id }: Person) =>
  own.database.query(`select topic, channel, enabled from preferences where customer_id = $1 order by 1, 2`, [
    id,
  ]);
const suppressions = ({ id }: Person) =>
  own.database.query(
    `select channel, topic, reason, source from suppressions where customer_id = $1 and lifted_at is null`,
    [id],
  );
const audited = ({ id }: Person) =>
  own.database.query<{ actor: string; action: string }>(
    `select actor, action from audit_entries where customer_id = $1 order by id`,
    [id],
  );

describe('the link to unsubscribe', () => {
  it('changes nothing when it is opened, however often a scanner does', async () => {
    const ada = await person();
    const path = pathOf(ada, { purpose: 'unsubscribe', topic: 'alerts' });
    const before = await audited(ada);
    for (let n = 0; n < 3; n += 1) {
      const page = await open(path);
      expect(page).toMatchObject({
        status: 200,
        body: expect.stringContaining('Unsubscribe from this topic'),
      });
      expect((await api.call(null, { method: 'HEAD', path })).status).toBe(200);
    }
    expect(await switches(ada)).toEqual([]);
    expect(await suppressions(ada)).toEqual([]);
    expect(await audited(ada)).toEqual(before);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('ends its topic at once by the one click of a mail program, as %s', async (type, body) => {
    const ada = await person();
    const path = pathOf(ada, { purpose: 'unsubscribe', topic: 'alerts' });
    const answer = await api.call(null, { method: 'POST', path, body, headers: { 'content-type': type } });
    expect(answer.status).toBe(200);
    expect(await switches(ada)).toEqual([{ topic: 'alerts', channel: 'email', enabled: false }]);
    expect((await audited(ada)).at(-1)).toEqual({ actor: `link:${ada.id}`, action: 'preference.changed' });
    await api.call(null, { method: 'POST', path, body, headers: { 'content-type': type } });
    expect(await audited(ada)).toHaveLength((await audited(ada)).length);
  });

  it('ends one topic by its button, says so, and offers to undo it', async () => {
    const ada = await person();
    const path = pathOf(ada, { purpose: 'unsubscribe', topic: 'service' });
    const pressed = await press(path, { act: 'topic-off' });
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '?done=1']);
    expect(await switches(ada)).toEqual([{ topic: 'service', channel: 'email', enabled: false }]);
    const page = (await open(`${path}?done=1`)).body;
    expect(page).toContain('Your choice holds from now on.');
    expect(page).toContain('Get them again');
    await press(path, { act: 'topic-on' });
    expect(await switches(ada)).toEqual([{ topic: 'service', channel: 'email', enabled: true }]);
    expect((await open(path)).body).toContain('Unsubscribe from this topic');
  });

  it('ends everything at its address and nowhere else, tells the other addresses, and can be undone', async () => {
    const ada = await person();
    await verifiedContactPoint(api, own, ada.token, {
      channel: 'sms',
      address: `+49151777000${10 + people}`,
    });
    const path = pathOf(ada, { purpose: 'unsubscribe', topic: 'alerts' });
    await press(path, { act: 'all-off' });
    expect(await suppressions(ada)).toEqual([
      { channel: 'email', topic: null, reason: 'optedOut', source: `link:${ada.id}` },
    ]);
    const told = await own.database.query<{ facts: { channel: string } }>(
      `select facts from notifications where customer_id = $1 and kind = 'contactPointLost'`,
      [ada.id],
    );
    expect(told).toMatchObject([{ facts: { channel: 'email', reason: 'optedOut' } }]);
    expect((await open(path)).body).toContain('Nothing is sent to');
    await press(path, { act: 'all-on' });
    expect(await suppressions(ada)).toEqual([]);
    expect((await audited(ada)).slice(-2).map((entry) => entry.action)).toEqual([
      'suppression.made',
      'suppression.lifted',
    ]);
  });

  it('of a critical topic says why it matters, and still ends it at this address', async () => {
    const ada = await person();
    await own.database.query(
      `insert into topics (name, policy) values ('fraud', $1) on conflict do nothing`,
      [
        JSON.stringify({
          ...{
            title: 'Fraud warnings',
            description: 'When your card is misused.',
            signedBy: 'Your card team',
          },
          ...{ isCritical: true, criticalReason: 'Only they can stop a theft in time.', channels: null },
          ...{ digest: { every: 'time' }, steps: null, onAmbiguous: 'resend', ttlMs: 3_600_000 },
        }),
      ],
    );
    const path = pathOf(ada, { purpose: 'unsubscribe', topic: 'fraud' });
    expect((await open(path)).body).toContain('Only they can stop a theft in time.');
    await api.call(null, { method: 'POST', path });
    expect(await suppressions(ada)).toEqual([
      { channel: 'email', topic: 'fraud', reason: 'optedOut', source: `link:${ada.id}` },
    ]);
    expect(await switches(ada)).toEqual([]);
    const preferences = await open(pathOf(ada, { purpose: 'preferences' }));
    expect(preferences.body).toContain('(e-mail), only messages of “Fraud warnings”.');
    await press(path, { act: 'topic-on' });
    expect(await suppressions(ada)).toEqual([]);
  });

  it('cannot take back a complaint or a STOP', async () => {
    const ada = await person();
    for (const [reason, source] of [
      ['complained', 'provider:sendgrid'],
      ['optedOut', 'sms'],
    ]) {
      await own.database.query(
        `insert into suppressions (id, channel, address, reason, source) values (gen_random_uuid(), 'email', $1, $2, $3)`,
        [ada.email, reason, source],
      );
    }
    await press(pathOf(ada, { purpose: 'unsubscribe', topic: 'alerts' }), { act: 'all-on' });
    const rows = await own.database.query(
      `select 1 from suppressions where address = $1 and lifted_at is null`,
      [ada.email],
    );
    expect(rows).toHaveLength(2);
  });
});

describe('the link to the preferences', () => {
  const boxes = (page: string): Map<string, boolean> =>
    new Map(
      [...page.matchAll(/name="on" value="([^"]+)"( checked)?/g)].map(([, name = '', checked]) => [
        name,
        Boolean(checked),
      ]),
    );

  it('shows every topic on every channel of the customer, and saves what is switched', async () => {
    const ada = await person();
    const path = pathOf(ada, { purpose: 'preferences' });
    const shown = boxes((await open(path)).body);
    expect(Object.fromEntries(shown)).toMatchObject({
      'alerts email': true,
      'alerts inbox': true,
      'service email': true,
    });
    expect([...shown.keys()].some((box) => box.endsWith('sms') || box.startsWith('verification'))).toBe(
      false,
    );
    const saved = await press(path, { act: 'save', on: ['alerts inbox', 'service email', 'service inbox'] });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '?done=1']);
    expect(await switches(ada)).toEqual([{ topic: 'alerts', channel: 'email', enabled: false }]);
    expect(Object.fromEntries(boxes((await open(path)).body))).toMatchObject({
      'alerts email': false,
      'alerts inbox': true,
    });
    const before = (await audited(ada)).length;
    await press(path, { act: 'save', on: ['alerts inbox', 'service email', 'service inbox'] });
    expect(await audited(ada)).toHaveLength(before);
  });

  it('switches nothing that the page does not show, whatever is sent', async () => {
    const ada = await person();
    const path = pathOf(ada, { purpose: 'preferences' });
    await press(path, { act: 'save', on: ['verification email', 'alerts sms', 'alerts email', 'nonsense'] });
    expect(await switches(ada)).toEqual([
      { topic: 'alerts', channel: 'inbox', enabled: false },
      { topic: 'service', channel: 'email', enabled: false },
      { topic: 'service', channel: 'inbox', enabled: false },
    ]);
  });

  it('shows addresses that nothing goes to, and sends to them again where a link had ended it', async () => {
    const ada = await person();
    const ben = await person();
    await press(pathOf(ada, { purpose: 'unsubscribe' }), { act: 'all-off' });
    const path = pathOf(ada, { purpose: 'preferences' });
    const page = (await open(path)).body;
    expect(page).toContain('r…@example.org');
    expect(page).not.toContain(ada.email);
    const [, suppression = ''] = /name="suppression" value="([^"]+)"/.exec(page) ?? [];
    await press(pathOf(ben, { purpose: 'preferences' }), { act: 'undo', suppression });
    expect(await suppressions(ada)).toHaveLength(1);
    await press(path, { act: 'undo', suppression });
    expect(await suppressions(ada)).toEqual([]);
  });
});

describe('the link that proves an address', () => {
  async function unproven(): Promise<{ path: string; token: string; contactPointId: string; id: string }> {
    people += 1;
    const id = `reader-${people}`;
    const token = await register(api, id);
    const added = await api.call<{ contactPointId: string }>(token, {
      path: '/v1/me/contact-points',
      body: { channel: 'email', address: `${id}@example.org` },
    });
    return {
      token,
      id,
      contactPointId: added.body.contactPointId,
      path: await linkIn(added.body.contactPointId),
    };
  }
  async function linkIn(contactPointId: string): Promise<string> {
    const [row] = await own.database.query<{ link: string }>(
      `select facts ->> 'link' as link from notifications
       where kind = 'verificationCode' and facts ->> 'contactPointId' = $1 order by seq desc limit 1`,
      [contactPointId],
    );
    expect(row?.link).toMatch(/^https:\/\/alerts\.bank\.example\/v\/[\w.-]+$/);
    return new URL(row?.link ?? '').pathname;
  }
  const isVerified = async (contactPointId: string): Promise<boolean> => {
    const [row] = await own.database.query<{ at: Date | null }>(
      `select verified_at as at from contact_points where id = $1`,
      [contactPointId],
    );
    return row?.at !== null;
  };

  it('proves it by the button and not by being opened, once', async () => {
    const { path, contactPointId, id } = await unproven();
    expect(await open(path)).toMatchObject({
      status: 200,
      body: expect.stringContaining('Confirm this address'),
    });
    expect(await isVerified(contactPointId)).toBe(false);
    expect(await press(path, {})).toMatchObject({ status: 200, body: expect.stringContaining('Confirmed') });
    expect(await isVerified(contactPointId)).toBe(true);
    expect((await press(path, {})).status).toBe(404);
    const entries = await own.database.query(
      `select actor, action from audit_entries where customer_id = $1 order by id`,
      [id],
    );
    expect(entries).toEqual([{ actor: `link:${id}`, action: 'contactPoint.verified' }]);
  });

  it('counts no more once a newer one was sent, or it has run out', async () => {
    const { path, contactPointId } = await unproven();
    const change = (to: string) =>
      own.database.query(`update verification_codes set ${to} where contact_point_id = $1`, [contactPointId]);
    const [row] = await own.database.query<{ hash: string }>(
      `select link_hash as hash from verification_codes where contact_point_id = $1`,
      [contactPointId],
    );
    await change(`link_hash = 'of a newer link'`);
    expect([(await open(path)).status, (await press(path, {})).status]).toEqual([404, 404]);
    await change(`link_hash = '${row?.hash}', expires_at = now()`);
    expect([(await open(path)).status, (await press(path, {})).status]).toEqual([404, 404]);
    expect(await isVerified(contactPointId)).toBe(false);
    await change(`expires_at = now() + interval '1 minute'`);
    expect((await press(path, {})).status).toBe(200);
  });

  it('has to be opened again when the address changes', async () => {
    const { path, contactPointId, token } = await unproven();
    await press(path, {});
    const changed = await api.call(token, {
      method: 'PATCH',
      path: `/v1/me/contact-points/${contactPointId}`,
      body: { address: 'Another@Example.ORG' },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { address: 'Another@example.org', verifiedAt: null },
    });
    expect(await isVerified(contactPointId)).toBe(false);
    await press(await linkIn(contactPointId), {});
    expect(await isVerified(contactPointId)).toBe(true);
  });
});

describe('any link', () => {
  it('that is forged, of another purpose, run out, or of somebody who is gone shows the same dead end', async () => {
    const ada = await person();
    const gone = await person();
    await api.call(api.systemKey, { method: 'DELETE', path: `/v1/customers/${gone.id}` });
    const paths = [
      `/u/${signLink({ purpose: 'unsubscribe', customerId: ada.id, contactPointId: ada.contactPointId }, `${SECRET}!`)}`,
      `/u/${signLink({ purpose: 'preferences', customerId: ada.id, contactPointId: null }, SECRET)}`,
      `/p/${signLink({ purpose: 'unsubscribe', customerId: ada.id, contactPointId: null }, SECRET)}`,
      pathOf(ada, { purpose: 'preferences', expiresAt: Date.now() - 5_000 }),
      pathOf(gone, { purpose: 'preferences' }),
      pathOf({ ...ada, contactPointId: gone.contactPointId }, { purpose: 'unsubscribe' }),
      '/u/x',
      '/p/%00',
      `/v/${'x'.repeat(3_000)}`,
    ];
    for (const path of paths) {
      expect([path, (await open(path)).status]).toEqual([path, 404]);
      expect((await press(path, { act: 'all-off' })).status).toBe(404);
    }
    expect(await suppressions(ada)).toEqual([]);
  });

  it('leads to a page that runs no script, sends forms nowhere else, and is kept by nobody', async () => {
    const ada = await person();
    const { headers, body } = await open(pathOf(ada, { purpose: 'preferences' }));
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).not.toContain('<script');
  });

  it('writes nothing of a customer into the page that could be HTML', async () => {
    const ada = await person();
    await own.database.query(
      `insert into preferences (customer_id, topic, channel, enabled) values ($1, '<img src=x>', 'email', true)`,
      [ada.id],
    );
    const { body } = await open(pathOf(ada, { purpose: 'preferences' }));
    expect(body).toContain('&#60;img src=x&#62;');
    expect(body).not.toContain('<img');
  });
});

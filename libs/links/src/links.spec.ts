import { SignJWT } from 'jose';
import { LINK_PURPOSES, PublicLinks, readLink, readLinksConfig, signLink, type Link } from '.';

const SECRET = 'a secret of the links that is long enough';
const LINK: Link = {
  purpose: 'unsubscribe',
  customerId: 'ana',
  contactPointId: 'c0ffee00-0000-4000-8000-000000000001',
  topic: 'alerts',
  channel: 'email',
};

describe('a signed link', () => {
  it('says again what was signed, with all that was left out left out', async () => {
    expect(await readLink(signLink(LINK, SECRET), 'unsubscribe', SECRET)).toEqual(LINK);
    const bare: Link = { purpose: 'preferences', customerId: 'ana', contactPointId: null };
    expect(await readLink(signLink(bare, SECRET), 'preferences', SECRET)).toEqual(bare);
  });

  it('is the token that a library of others makes of the same claims', async () => {
    const { customerId: sub, contactPointId: point, topic, channel } = LINK;
    const theirs = await new SignJWT({ aud: 'unsubscribe', sub, point: point ?? '', topic, channel })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode(SECRET));
    expect(signLink(LINK, SECRET)).toBe(theirs);
  });

  it('serves for no other purpose than its own', async () => {
    for (const purpose of LINK_PURPOSES) {
      const read = LINK_PURPOSES.map((other) =>
        readLink(signLink({ ...LINK, purpose }, SECRET), other, SECRET),
      );
      expect((await Promise.all(read)).filter(Boolean)).toEqual([{ ...LINK, purpose }]);
    }
  });

  it('is refused with another secret, changed by a letter, unsigned, or after its time', async () => {
    const token = signLink(LINK, SECRET);
    const [header = '', , signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ aud: 'unsubscribe', sub: 'ben' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const tokens = [
      signLink(LINK, `${SECRET}!`),
      `${header}.${other}.${signature}`,
      `${none}.${other}.`,
      `${token}x`,
      signLink({ ...LINK, expiresAt: Date.now() - 1_000 }, SECRET),
      'x'.repeat(2_000),
      '',
    ];
    for (const forged of tokens)
      expect([forged, await readLink(forged, 'unsubscribe', SECRET)]).toEqual([forged, null]);
  });

  it('holds while its time has not come', async () => {
    const expiresAt = Math.ceil(Date.now() / 1000) * 1000 + 60_000;
    const token = signLink({ ...LINK, expiresAt }, SECRET);
    expect(await readLink(token, 'unsubscribe', SECRET)).toEqual({ ...LINK, expiresAt });
  });
});

describe('the links of a message', () => {
  it('lead below the public address, one to unsubscribe from its topic and one to all preferences', async () => {
    const links = new PublicLinks({ publicUrl: 'https://alerts.bank.example/tidings', secret: SECRET });
    const { unsubscribe, preferences } = links.linksOf({
      customerId: 'ana',
      contactPointId: LINK.contactPointId,
      topic: 'alerts',
      channel: 'email',
    });
    const [, token = ''] = /^https:\/\/alerts\.bank\.example\/tidings\/u\/([\w.-]+)$/.exec(unsubscribe) ?? [];
    expect(await links.read(token, 'unsubscribe')).toEqual(LINK);
    const [, other = ''] = /^https:\/\/alerts\.bank\.example\/tidings\/p\/([\w.-]+)$/.exec(preferences) ?? [];
    expect(await links.read(other, 'preferences')).toMatchObject({ customerId: 'ana' });
  });
});

describe('the settings of links', () => {
  it('may both be missing: messages then carry none', () => {
    expect(readLinksConfig({ PUBLIC_URL: ' ' })).toEqual({ ok: true, config: null });
  });

  it('are taken without the slash at the end of the address', () => {
    const read = readLinksConfig({ PUBLIC_URL: 'https://alerts.example/', LINK_SECRET: SECRET });
    expect(read).toEqual({ ok: true, config: { publicUrl: 'https://alerts.example', secret: SECRET } });
  });

  it.each([
    [{ PUBLIC_URL: 'https://alerts.example' }, 'LINK_SECRET'],
    [{ LINK_SECRET: SECRET }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'alerts.example', LINK_SECRET: SECRET }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://alerts.example/?a=b', LINK_SECRET: SECRET }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://alerts.example', LINK_SECRET: 'short' }, 'LINK_SECRET'],
  ])('keep the process from starting when they are half or wrong: %j', (env, name) => {
    expect(readLinksConfig(env)).toEqual({ ok: false, problems: [expect.stringContaining(name)] });
  });
});

import type { LookupAddress, LookupOptions } from 'node:dns';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { OutgoingMessage } from '@app/contracts';
import { openGuardedAgents } from '../calling/provider-agent';
import { makeSelfSigned } from '../testing/self-signed';
import { isBlockedAddress } from './blocked-address';
import { EgressGuard, type EgressSettings, type ResolveEnd } from './egress-guard';
import { callGuarded } from './guarded-call';

const guard = new EgressGuard();

describe('a URL that a customer gives', () => {
  it.each([
    'https://hooks.example.org/tidings',
    'https://hooks.example.org:443/tidings?key=1#part',
    'https://hooks.example.org:8443/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'https://bücher.example/hook',
    'HTTPS://HOOKS.EXAMPLE.ORG',
  ])('is called where it leads to the public Internet by https: %s', (url) => {
    expect(guard.check(url)).toMatchObject({ ok: true });
  });

  it.each([
    ['http://hooks.example.org/', 'notHttps'],
    ['ftp://hooks.example.org/', 'notHttps'],
    ['file:///etc/passwd', 'notAUrl'],
    ['gopher://127.0.0.1:25/_MAIL', 'notHttps'],
    ['javascript:alert(1)', 'notAUrl'],
    ['data:text/plain,hello', 'notAUrl'],
    ['not a url', 'notAUrl'],
    ['https://', 'notAUrl'],
    ['//hooks.example.org/', 'notAUrl'],
    ['https://user@hooks.example.org/', 'credentials'],
    ['https://user:secret@hooks.example.org/', 'credentials'],
    ['https://hooks.example.org@127.0.0.1/', 'credentials'],
    ['https://hooks.example.org:22/', 'port'],
    ['https://hooks.example.org:80/', 'port'],
    ['https://hooks.example.org:5432/', 'port'],
    ['https://hooks.example.org:99999/', 'notAUrl'],
  ])('is refused for what it asks: %s is %s', (url, refusal) => {
    expect(guard.check(url)).toEqual({ ok: false, refusal });
  });

  it.each([
    ...[
      '127.0.0.1',
      '127.1',
      '127.255.255.254',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '0177.0.0.1',
    ],
    ...[
      '127.0.0.1.',
      '0x7F.0x0.0x0.0x1',
      '127.0.1',
      '０x7f000001',
      '１２７.0.0.1',
      '⑫⑦.0.0.1',
      '127。0。0。1',
      '%31%32%37.0.0.1',
    ],
    ...['0', '0.0.0.0', '0.1.2.3', '255.255.255.255', '240.0.0.1', '224.0.0.1', '239.255.255.250'],
    ...[
      '10.0.0.1',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '192.168.1',
      '3232235521',
    ],
    ...[
      '100.64.0.1',
      '100.127.255.255',
      '169.254.169.254',
      '0xa9fea9fe',
      '2852039166',
      '0251.0376.0251.0376',
    ],
    ...[
      '192.0.0.192',
      '192.0.2.1',
      '192.88.99.1',
      '198.18.0.1',
      '198.19.255.255',
      '198.51.100.7',
      '203.0.113.9',
    ],
  ])('is refused where IPv4, however it is spelt, leads inside: %s', (host) => {
    expect(guard.check(`https://${host}/`)).toEqual({ ok: false, refusal: 'address' });
  });

  it.each([
    ...[
      '::',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::127.0.0.1',
      '::7f00:1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:a9fe:a9fe',
    ],
    ...[
      '::ffff:10.0.0.1',
      '0:0:0:0:0:ffff:0a00:0001',
      '::ffff:0:127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b::10.0.0.1',
    ],
    ...[
      '64:ff9b::a9fe:a9fe',
      '64:ff9b:1::1',
      '2002:7f00:1::',
      '2002:a9fe:a9fe::1',
      '2002:c0a8:0101::',
      '2002:0a00:0001::',
    ],
    ...[
      '2001::1',
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      '2001:db8::1',
      '2001:2::1',
      '2001:10::1',
      '2001:20::1',
      '3fff::1',
    ],
    ...['fc00::1', 'fd00:ec2::254', 'fdff::1', 'fe80::1', 'fe80::a9fe:a9fe', 'fec0::1', 'ff02::1', 'ff05::2'],
    ...['100::1', '4000::1', '5f00::1', '64:ff9b:2::1'],
  ])('is refused where IPv6 leads inside, tunnels and mappings included: [%s]', (host) => {
    expect(guard.check(`https://[${host}]/`)).toEqual({ ok: false, refusal: 'address' });
    expect(isBlockedAddress(host)).toBe(true);
  });

  it.each(['::ffff:93.184.215.14', '64:ff9b::5db8:d70e', '2002:5db8:d70e::1', '2a00:1450:4001:81b::200e'])(
    'is called where what is inside an IPv6 address is public: [%s]',
    (host) => {
      expect(isBlockedAddress(host)).toBe(false);
    },
  );

  it.each(['fe80::1%lo', '::1%1', '', 'localhost', '1.2.3', '0x7f000001', '127.0.0.1:80'])(
    'has no address that cannot be read exactly: "%s"',
    (address) => {
      expect(isBlockedAddress(address)).toBe(true);
    },
  );
});

/** Answers each question for a name with the next of the given address lists, the last for ever. */
function resolver(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = (name: string, _options: LookupOptions, done: ResolveEnd): void => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    process.nextTick(
      done,
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, resolve };
}

describe('a name that a customer gives', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async function post(url: string, settings: EgressSettings) {
    const own = new EgressGuard(settings);
    const agents = openGuardedAgents(own);
    const message = { expiresAt: Date.now() + 60_000 } as OutgoingMessage;
    const request = () => ({ url, headers: {}, body: '{}' });
    try {
      return await callGuarded(
        { guard: own, agents, timeoutMs: 5_000 },
        { message, signal: new AbortController().signal, request },
        { readId: (answer) => answer?.text ?? null, verdict: () => null, retryAfterMs: () => undefined },
      );
    } finally {
      agents.close();
    }
  }

  it.each([
    ['one inside', ['10.1.2.3']],
    ['this machine', ['127.0.0.1']],
    ['this machine by IPv6', ['::1']],
    ['the metadata service', ['169.254.169.254']],
    ['one inside among public ones', ['93.184.215.14', '2606:2800:21f::1', '192.168.7.7']],
    ['a mapped one inside', ['::ffff:192.168.7.7']],
    ['none at all', []],
  ])('is not connected to where it resolves to %s', async (_what, addresses) => {
    const { resolve, asked } = resolver(addresses);
    const outcome = await post('https://hooks.example.org/', { allow: [], resolve });
    expect(outcome).toEqual({ kind: 'rejected', reason: 'forbiddenAddress' });
    expect(asked).toEqual(['hooks.example.org']);
  });

  it('that is called localhost is not connected to, with or without a dot at its end', async () => {
    for (const host of ['localhost', 'localhost.'])
      expect(await post(`https://${host}/`, { allow: [] })).toEqual({
        kind: 'rejected',
        reason: 'forbiddenAddress',
      });
  });

  it('is resolved once for a connection, which goes to the very address that was judged', async () => {
    let hits = 0;
    const port = await listen(createServer((_request, response) => void response.end(`hit ${(hits += 1)}`)));
    // Public to the first question, this machine to every later one.
    const { resolve, asked } = resolver(['192.0.2.55'], ['127.0.0.1']);
    const rebound = new EgressGuard({
      allow: [],
      resolve: resolver(['93.184.215.14'], ['127.0.0.1']).resolve,
    });
    const first = await lookedUp(rebound, port);
    const second = await lookedUp(rebound, port);
    expect([first, second]).toEqual(['93.184.215.14', 'egress refused: address']);
    expect(await post(`https://hooks.example.org:8443/`, { allow: [], resolve })).toMatchObject({
      kind: 'rejected',
    });
    expect(asked).toHaveLength(1);
    expect(hits).toBe(0);
  });

  it('keeps its name towards the server: in the certificate that is asked for and in the Host header', async () => {
    const seen: Record<string, unknown> = {};
    const { key, cert } = makeSelfSigned();
    const onRequest: RequestListener = (request, response) => {
      seen.host = request.headers.host;
      seen.sni = (request.socket as TLSSocket).servername;
      response.end('id-1');
    };
    const port = await listen(createSecureServer({ key, cert }, onRequest));
    const { resolve } = resolver(['127.0.0.1']);
    // The certificate is made out to 127.0.0.1, so the name does not pass; the greeting shows what was asked for.
    const servername = new Promise((done) => {
      const watched = createSecureServer({
        key,
        cert,
        SNICallback: (name, end) => {
          done(name);
          end(null);
        },
      });
      void listen(watched).then((other) =>
        post(`https://hooks.example.org:${other}/`, { allow: [`hooks.example.org:${other}`], resolve }),
      );
    });
    expect(await servername).toBe('hooks.example.org');
    const outcome = await post(`https://127.0.0.1:${port}/`, { allow: [`127.0.0.1:${port}`], ca: cert });
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: 'id-1' });
    expect(seen.host).toBe(`127.0.0.1:${port}`);
  });

  it('is not followed when it redirects, not even to where it came from', async () => {
    const paths: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => {
        paths.push(request.url);
        response.writeHead(307, { location: '/elsewhere' }).end();
      }),
    );
    const outcome = await post(`http://127.0.0.1:${port}/`, { allow: [`127.0.0.1:${port}`] });
    expect(outcome).toEqual({ kind: 'retryable', reason: 'unexpectedAnswer' });
    expect(paths).toEqual(['/']);
  });

  it('cannot fill our memory: its answer is cut', async () => {
    const port = await listen(
      createServer((_request, response) => {
        const pour = (): void => void (response.destroyed || response.write('x'.repeat(16_384), pour));
        pour();
      }),
    );
    const outcome = await post(`http://127.0.0.1:${port}/`, { allow: [`127.0.0.1:${port}`] });
    expect(outcome.kind === 'accepted' && outcome.providerMessageId.length).toBe(65_536);
  });

  it('of ours is called where EGRESS_ALLOW lists it with its port, and nowhere else', async () => {
    const port = await listen(createServer((_request, response) => void response.end('ours')));
    const allow = [`hooks.intranet:${port}`, '[::1]:8080'];
    const { resolve } = resolver(['127.0.0.1']);
    expect(await post(`http://hooks.intranet:${port}/`, { allow, resolve })).toMatchObject({
      kind: 'accepted',
    });
    expect(await post(`http://other.intranet:${port}/`, { allow, resolve })).toMatchObject({
      kind: 'rejected',
    });
    expect(await post(`http://127.0.0.1:${port}/`, { allow, resolve })).toMatchObject({ kind: 'rejected' });
    const own = new EgressGuard({ allow });
    expect(own.check('http://[::1]:8080/')).toMatchObject({ ok: true });
    expect(own.check('http://[::1]:8081/')).toEqual({ ok: false, refusal: 'notHttps' });
    expect(own.refusalTo('::1', 8080)).toBeNull();
    expect(own.refusalTo('::1', 8081)).not.toBeNull();
  });

  /** What a connection would be given: an address, or the words of the refusal. */
  function lookedUp(own: EgressGuard, port: number): Promise<string> {
    return new Promise((resolve) =>
      own.lookupFor(port)('hooks.example.org', {}, (error, address) =>
        resolve(error ? error.message : String(address)),
      ),
    );
  }
});

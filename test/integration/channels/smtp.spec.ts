import { SmtpAdapter, type SmtpSettings } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { aMessage } from '../../harness/a-message';
import { eventually } from '../../harness/eventually';
import { MAIL_LOGIN, MailServer, type MailFailure } from '../../harness/providers/mail-server';

const signal = new AbortController().signal;
const from = { address: 'alerts@tidings.example', name: 'Tidings' };
const mail = (over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'email', to: 'ada@customers.example', ...over });

const servers: MailServer[] = [];
const adapters: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(adapters.splice(0).map((adapter) => adapter.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(options?: ConstructorParameters<typeof MailServer>[0]): Promise<MailServer> {
  const server = await new MailServer(options).start();
  servers.push(server);
  return server;
}

const settingsFor = (server: Pick<MailServer, 'port'>, over: Partial<SmtpSettings> = {}): SmtpSettings => ({
  host: '127.0.0.1',
  port: server.port,
  from,
  tls: 'none',
  connections: 2,
  timeoutMs: 5_000,
  ...over,
});

/** What a carrier of mail promises, tried on a server that breaks off at every place of the dialogue. */
function exerciseMailServer(name: string, make: (settings: SmtpSettings) => SmtpAdapter): void {
  const open = (server: Pick<MailServer, 'port'>, over: Partial<SmtpSettings> = {}) => {
    const adapter = make(settingsFor(server, over));
    adapters.push(adapter);
    return adapter;
  };

  describe(`${name} keeps the promises of a channel:`, () => {
    it.each(['connect', 'mail', 'rcpt', 'data'] as const)(
      'a connection that breaks at "%s", before the end of the mail, left nothing behind',
      async (at) => {
        const server = await serve();
        server.failNext({ at, how: 'reset' });
        server.failNext({ at, how: 'reset' }); // nodemailer may try a connection that was never used a second time
        expect(await open(server).send(mail(), signal)).toEqual({ kind: 'retryable', reason: 'unreachable' });
        expect(server.received).toHaveLength(0);
      },
    );

    it('a connection that breaks after the last byte of a mail leaves everybody in doubt', async () => {
      const server = await serve();
      server.failNext({ at: 'end', how: 'reset' });
      const outcome = await open(server).send(mail(), signal);
      expect(outcome).toEqual({ kind: 'ambiguous', reason: 'connectionReset' });
      expect(server.received.map(({ answered }) => answered)).toEqual([false]);
    });

    it.each(['connect', 'mail', 'rcpt'] as const)(
      'a server that falls silent at "%s" costs the time for one mail and no more',
      async (at) => {
        const server = await serve();
        server.failNext({ at, how: 'hang' });
        const began = performance.now();
        const outcome = await open(server, { timeoutMs: 400 }).send(mail(), signal);
        expect(outcome).toEqual({ kind: 'retryable', reason: 'unreachable' });
        expect(performance.now() - began).toBeLessThan(2_000);
      },
    );

    it('a server that falls silent after the last byte of a mail leaves everybody in doubt', async () => {
      const server = await serve();
      server.failNext({ at: 'end', how: 'hang' });
      const outcome = await open(server, { timeoutMs: 400 }).send(mail(), signal);
      expect(outcome).toEqual({ kind: 'ambiguous', reason: 'timeout' });
    });

    it('a mail that is called off before or after its last byte says which of the two', async () => {
      const server = await serve();
      expect(await open(server).send(mail(), AbortSignal.abort())).toEqual({
        kind: 'retryable',
        reason: 'aborted',
      });
      for (const [at, kind] of [
        ['rcpt', 'retryable'],
        ['end', 'ambiguous'],
      ] as const) {
        const stop = new AbortController();
        server.failNext({ at, how: 'hang' });
        const sending = open(server).send(mail(), stop.signal);
        await eventually(
          async () => server.reached,
          (reached) => reached.includes(at),
        );
        stop.abort();
        expect(await sending).toEqual({ kind, reason: 'aborted' });
      }
    });

    it('where nobody listens nothing can have left', async () => {
      const server = await new MailServer().start();
      const { port } = server;
      await server.stop();
      expect(await open({ port }).send(mail(), signal)).toEqual({ kind: 'retryable', reason: 'unreachable' });
    });

    it('a mail whose time has passed is not sent', async () => {
      const server = await serve();
      const late = mail({ expiresAt: Date.now() - 1 });
      expect(await open(server).send(late, signal)).toEqual({ kind: 'rejected', reason: 'expired' });
      expect(server.received).toHaveLength(0);
    });

    it.each([
      ['rcpt', 550, '5.1.1 no such user', 'rejected', 'invalidAddress'],
      ['rcpt', 550, 'no such user here', 'rejected', 'invalidAddress'],
      ['rcpt', 501, 'bad address syntax', 'rejected', 'invalidAddress'],
      ['rcpt', 556, '5.1.10 takes no mail', 'rejected', 'invalidAddress'],
      ['rcpt', 552, '5.2.2 mailbox full', 'rejected', 'unreachableHandset'],
      ['rcpt', 452, '4.2.2 mailbox full', 'retryable', 'unreachableHandset'],
      ['rcpt', 450, '4.7.1 greylisted, come back later', 'retryable', 'throttled'],
      ['rcpt', 451, '4.3.0 try later', 'retryable', 'providerError'],
      ['rcpt', 554, '5.7.1 relay access denied', 'rejected', 'blocked'],
      ['rcpt', 550, '4.1.1 contradicts itself', 'rejected', 'invalidAddress'],
      ['mail', 550, '5.7.26 fails SPF and DKIM', 'rejected', 'configuration'],
      ['mail', 553, '5.1.8 sender domain does not exist', 'rejected', 'configuration'],
      ['mail', 530, 'log in first', 'rejected', 'unauthorized'],
      ['end', 554, '5.6.0 unreadable', 'rejected', 'content'],
      ['end', 550, 'looks like spam', 'rejected', 'blocked'],
      ['end', 552, '5.3.4 too big', 'rejected', 'content'],
      ['end', 451, 'try again', 'retryable', 'providerError'],
      ['end', 421, '4.3.2 shutting down', 'retryable', 'providerError'],
      ['connect', 421, 'too many connections', 'retryable', 'throttled'],
    ] as const)('an answer at "%s" of %i %s is %s, %s', async (...row) => {
      const [at, code, text, kind, reason] = row;
      const server = await serve();
      const failure: MailFailure = { at, how: { code, text } };
      server.failNext(failure);
      const one = mail();
      const outcome = await open(server).send(one, signal);
      expect(outcome).toEqual({ kind, reason });
      expect(JSON.stringify(outcome)).not.toContain(one.to);
    });

    it('a refused mail leaves its connection to the next', async () => {
      const server = await serve();
      const adapter = open(server, { connections: 1 });
      server.failNext({ at: 'rcpt', how: { code: 550, text: '5.1.1 no such user' } });
      expect((await adapter.send(mail(), signal)).kind).toBe('rejected');
      expect((await adapter.send(mail(), signal)).kind).toBe('accepted');
      expect(server.connections).toBe(1);
    });

    it('hundreds at once share few connections, are all carried once, and closing leaves none behind', async () => {
      const server = await serve();
      const adapter = open(server, { connections: 4, timeoutMs: 15_000 });
      const outcomes = await Promise.all(Array.from({ length: 300 }, () => adapter.send(mail(), signal)));
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(300);
      expect(server.received).toHaveLength(300);
      expect(server.connections).toBeLessThanOrEqual(4);
      await adapter.close();
      await eventually(
        async () => server.connections,
        (open) => open === 0,
      );
    });
  });
}

exerciseMailServer('mail by SMTP', (settings) => new SmtpAdapter(settings));

describe('a mail by SMTP', () => {
  const open = (server: MailServer, over: Partial<SmtpSettings> = {}) => {
    const adapter = new SmtpAdapter(settingsFor(server, over));
    adapters.push(adapter);
    return adapter;
  };

  it('has text and HTML, is known by its delivery, and says that a program wrote it', async () => {
    const server = await serve();
    const one = mail({ subject: 'Größe: 5 €', urgent: true });
    const outcome = await open(server).send(one, signal);
    const id = `${one.deliveryId}@tidings.example`;
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: id });
    const [{ source, from: sender, to } = { source: '', from: '', to: [] }] = server.received;
    expect([sender, to]).toEqual(['alerts@tidings.example', ['ada@customers.example']]);
    expect(source).toContain(`Message-ID: <${id}>`);
    expect(source).toContain('From: Tidings <alerts@tidings.example>');
    expect(source).toMatch(/Auto-Submitted: auto-generated/);
    expect(source).toMatch(/X-Priority: 1 \(Highest\)/);
    expect(source).toMatch(/Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
    expect(source).not.toMatch(/List-Unsubscribe/);
  });

  it('can be stopped by one click, without opening it', async () => {
    const server = await serve();
    const links = {
      unsubscribe: 'https://tidings.example/u/token',
      preferences: 'https://tidings.example/p',
    };
    await open(server).send(mail({ links }), signal);
    expect(server.received[0]?.source).toContain('List-Unsubscribe: <https://tidings.example/u/token>');
    expect(server.received[0]?.source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('goes to the one address it is for, whatever is written in it, and adds no header of anybody’s', async () => {
    const server = await serve();
    const adapter = open(server);
    const attempts = [
      'ada@customers.example, eve@elsewhere.example',
      'ada@customers.example\r\nBcc: eve@elsewhere.example',
    ];
    for (const to of attempts) await adapter.send(mail({ to }), signal);
    await adapter.send(mail({ subject: 'Hello\r\nBcc: eve@elsewhere.example' }), signal);
    expect(server.received.flatMap(({ to }) => to)).not.toContain('eve@elsewhere.example');
    for (const { source } of server.received) expect(source).not.toMatch(/^Bcc:/im);
  });

  it('cannot read our files or fetch addresses, whatever its words say', async () => {
    const server = await serve();
    await open(server).send(mail({ html: '<img src="file:///etc/passwd">', text: '/etc/passwd' }), signal);
    expect(server.received[0]?.source).not.toContain('root:');
  });

  it('is encrypted where TLS is asked for, by STARTTLS or from the first byte, and logs in', async () => {
    for (const tls of ['starttls', 'implicit'] as const) {
      const server = await serve({ tls, login: true });
      const adapter = open(server, {
        tls: 'required',
        ca: server.certificate,
        login: MAIL_LOGIN,
        implicitTls: tls === 'implicit',
      });
      expect((await adapter.send(mail(), signal)).kind).toBe('accepted');
      expect(server.received[0]).toMatchObject({ secure: true, user: MAIL_LOGIN.user });
    }
  });

  it('does not leave unencrypted where TLS is asked for and the server has none, or a certificate of nobody', async () => {
    const plain = await serve({ tls: 'none' });
    expect(await open(plain, { tls: 'required' }).send(mail(), signal)).toMatchObject({ kind: 'retryable' });
    const strange = await serve();
    expect(await open(strange, { tls: 'required' }).send(mail(), signal)).toMatchObject({
      kind: 'retryable',
    });
    expect([...plain.received, ...strange.received]).toEqual([]);
  });

  it('with a wrong password is a matter for operators', async () => {
    const server = await serve({ login: true });
    const adapter = open(server, {
      tls: 'required',
      ca: server.certificate,
      login: { ...MAIL_LOGIN, password: 'not-the-password' },
    });
    expect(await adapter.send(mail(), signal)).toEqual({ kind: 'rejected', reason: 'unauthorized' });
  });
});

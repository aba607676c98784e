import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { makeSelfSigned } from '../../../libs/channels/src/testing/self-signed';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** The whole mail as it came. */
  source: string;
  /** False where the server broke off instead of answering. */
  answered: boolean;
  /** Whether it came by TLS, and who had logged in. */
  secure: boolean;
  user: string | null;
}

/** Where a dialogue goes wrong: the server answers with a refusal, breaks the connection, or says nothing more. */
export interface MailFailure {
  at: 'connect' | 'mail' | 'rcpt' | 'data' | 'end';
  how: 'reset' | 'hang' | { code: number; text: string };
}

export const MAIL_LOGIN = { user: 'tidings', password: 'password-of-the-harness' };

/**
 * A mail server, by `smtp-server`: none of ours. It takes what it is sent, and misbehaves as told, once for each
 * failure. `end` comes after the last byte of a mail, where a real server would have it already.
 */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Places of the dialogue at which it misbehaved, in their order. */
  readonly reached: MailFailure['at'][] = [];
  readonly certificate: string;
  private readonly server: SMTPServer;
  private readonly sockets = new Set<Socket>();
  private readonly failures: MailFailure[] = [];

  constructor(options: { tls?: 'none' | 'starttls' | 'implicit'; login?: boolean; size?: number } = {}) {
    const { key, cert } = makeSelfSigned();
    this.certificate = cert;
    const { tls = 'starttls', login = false, size } = options;
    this.server = new SMTPServer({
      ...{ key, cert, size, secure: tls === 'implicit', authOptional: !login, logger: false },
      disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      disableReverseLookup: true,
      ...this.handlers(),
    });
    this.server.on('error', () => undefined); // connections that we reset
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server.server, 'listening');
    return this;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.sockets.size;
  }

  failNext(failure: MailFailure): void {
    this.failures.push(failure);
  }

  private handlers(): SMTPServerOptions {
    return {
      onConnect: (_session, done) => this.pass('connect', done),
      onAuth: ({ username, password }, _session, done) =>
        username === MAIL_LOGIN.user && password === MAIL_LOGIN.password
          ? done(null, { user: username })
          : done(refusal({ code: 535, text: '5.7.8 who are you' })),
      onMailFrom: (_address, _session, done) => this.pass('mail', done),
      onRcptTo: (_address, _session, done) => this.pass('rcpt', done),
      onData: (stream, session, done) => {
        if (this.failures[0]?.at === 'data') return this.pass('data', done);
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const fails = this.failures[0]?.at === 'end';
          this.received.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            source: Buffer.concat(chunks).toString('utf8'),
            answered: !fails,
            secure: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
          });
          this.pass('end', done);
        });
      },
    };
  }

  private pass(at: MailFailure['at'], done: (error?: Error | null) => void): void {
    if (this.failures[0]?.at !== at) return done();
    const { how } = this.failures.shift() as MailFailure;
    this.reached.push(at);
    if (how === 'hang') return;
    if (how === 'reset') for (const socket of this.sockets) socket.resetAndDestroy();
    else done(refusal(how));
  }
}

function refusal({ code, text }: { code: number; text: string }): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

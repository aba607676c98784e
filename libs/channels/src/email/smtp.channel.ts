import { createTransport } from 'nodemailer';
import type { OutgoingMessage, SendOutcome } from '@app/contracts';
import { DEFAULT_TIMEOUT_MS } from '../calling/call-provider';
import type { ChannelAdapter } from '../channel-adapter';
import type { SendReason } from '../send-reason';
import { mailHeaders } from './mail-headers';
import { smtpVerdict } from './smtp-replies';

export interface SmtpSettings {
  host: string;
  port: number;
  from: { address: string; name?: string };
  login?: { user: string; password: string };
  /** `required`: no mail leaves unencrypted, whatever the server says it can. */
  tls: 'required' | 'none';
  /** TLS from the first byte instead of STARTTLS; default: on port 465. */
  implicitTls?: boolean;
  /** Open at once. */
  connections: number;
  /** Wall time for one mail, waiting for a free connection included; default 10 s. */
  timeoutMs?: number | undefined;
  /** Certificate authorities to trust instead of the system's, PEM. */
  ca?: string;
}

/** Servers close what has carried very many; better we do it between two mails. */
const MAILS_PER_CONNECTION = 500;
const IMPLICIT_TLS_PORT = 465;

/** What nodemailer rejects with. */
interface SmtpFailure {
  code?: unknown;
  command?: unknown;
  response?: unknown;
  responseCode?: unknown;
}

/**
 * Mail through any mail server by SMTP, on a pool of connections.
 *
 * A server has taken a mail when it answers the dot at its end, and no earlier. So a dialogue that breaks before the
 * last byte was handed over is `retryable`, and one that breaks after it is `ambiguous`: SMTP has no way to ask. The
 * Message-ID is the delivery's id, so that a mail sent twice can be recognised by whoever looks.
 * @see RFC 5321, section 4.2.5
 */
export class SmtpAdapter implements ChannelAdapter {
  readonly channel = 'email';
  readonly provider = 'smtp';
  readonly idempotent = false;

  private readonly transport: ReturnType<typeof openTransport>;
  private readonly timeoutMs: number;
  /** Message-IDs of mails whose last byte was handed to the connection. */
  private readonly handedOver = new Set<string>();

  constructor(private readonly settings: SmtpSettings) {
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.transport = openTransport(settings, this.timeoutMs);
    this.transport.use('stream', (mail, done) => {
      const { messageId = '' } = mail.data;
      // The end of what the connection reads, which it begins to read only when the server has asked for it.
      mail.message.processFunc((whole) => whole.once('end', () => this.handedOver.add(messageId)));
      done();
    });
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (message.expiresAt <= Date.now()) return { kind: 'rejected', reason: 'expired' };
    if (signal.aborted) return { kind: 'retryable', reason: 'aborted' };
    const messageId = this.messageIdOf(message);
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const cut = AbortSignal.any([signal, timeout]);
    try {
      await this.transport.sendMail({ ...this.mailOf(message), messageId, signal: cut });
      return { kind: 'accepted', providerMessageId: messageId.slice(1, -1) };
    } catch (failure) {
      const why = timeout.aborted ? 'timeout' : signal.aborted ? 'aborted' : null;
      return outcomeOf(failure as SmtpFailure, why, this.handedOver.has(messageId));
    } finally {
      this.handedOver.delete(messageId);
    }
  }

  /** Mails on their way end as they would with a broken connection. */
  async close(): Promise<void> {
    this.transport.close();
  }

  private mailOf(message: OutgoingMessage) {
    const { name, address } = this.settings.from;
    return {
      from: name ? { name, address } : address,
      to: { name: '', address: message.to }, // as an address, never as a list to be parsed
      subject: message.subject,
      text: message.text,
      ...(message.html && { html: message.html }),
      headers: mailHeaders(message),
      ...(message.urgent && { priority: 'high' as const }),
    };
  }

  private messageIdOf({ deliveryId }: OutgoingMessage): string {
    const { address } = this.settings.from;
    return `<${deliveryId}@${address.slice(address.lastIndexOf('@') + 1)}>`;
  }
}

function openTransport(settings: SmtpSettings, timeoutMs: number) {
  const { host, port, login, tls, connections, ca, implicitTls = port === IMPLICIT_TLS_PORT } = settings;
  return createTransport({
    pool: true,
    host,
    port,
    secure: tls === 'required' && implicitTls,
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    ...(ca && { tls: { ca } }),
    ...(login && { auth: { user: login.user, pass: login.password } }),
    maxConnections: connections,
    maxMessages: MAILS_PER_CONNECTION,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs * 3, // idle connections live on; a mail's own time is counted by its signal
    // Texts come from people: a mail must not be able to attach our files or fetch our addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function outcomeOf(
  failure: SmtpFailure,
  cut: 'timeout' | 'aborted' | null,
  handedOver: boolean,
): SendOutcome {
  const { responseCode: code, response: text, command } = failure;
  if (typeof code === 'number' && cut === null)
    return { ...smtpVerdict({ code, text: wordOf(text), command: wordOf(command) }) };
  if (handedOver) return ambiguous(cut ?? 'connectionReset');
  if (failure.code === 'EENVELOPE') return { kind: 'rejected', reason: 'invalidAddress' };
  if (failure.code === 'EMESSAGE') return { kind: 'rejected', reason: 'content' }; // longer than the server says it takes
  return { kind: 'retryable', reason: cut === 'aborted' ? 'aborted' : 'unreachable' };
}

function ambiguous(reason: SendReason): SendOutcome {
  return { kind: 'ambiguous', reason };
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { randomBytes } from 'node:crypto';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';
import { refusalsOf } from './sendgrid-checks';
import { emailOf, type SendGridMail, type SendGridRefusal } from './sendgrid-words';

export interface SendGridAccount {
  apiKey: string;
  /** Senders whose address SendGrid has verified; any other is refused with 403. */
  senders: string[];
}

export const SENDGRID_ACCOUNT: SendGridAccount = {
  apiKey: 'SG.key-of-the-harness.not-a-secret-of-anybody',
  senders: ['alerts@tidings.example'],
};

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'The provided authorization grant is invalid, expired, or revoked',
  403: 'access forbidden',
  404: 'Not Found',
  405: 'method not allowed',
  413: 'The JSON payload you have included in your request is too large.',
  415: 'Content-Type should be application/json.',
  429: 'too many requests',
  500: 'Internal Server Error',
};
const UNVERIFIED =
  'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.';

/**
 * Speaks SendGrid's `POST /v3/mail/send`: checks the key and every field, refuses with SendGrid's `errors` array, and
 * queues with 202, an empty body and `X-Message-Id`.
 * @see https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 */
export class FakeSendGrid extends ProviderServer<SendGridMail> {
  constructor(readonly account: SendGridAccount = SENDGRID_ACCOUNT) {
    super();
  }

  protected read(request: ProviderRequest): SendGridMail | null {
    try {
      const mail: unknown = JSON.parse(request.body);
      return typeof mail === 'object' && mail !== null ? (mail as SendGridMail) : null;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest, mail: SendGridMail | null): ProviderAnswer {
    if (request.headers.authorization !== `Bearer ${this.account.apiKey}`) return this.refuse(401);
    if (request.path !== '/v3/mail/send') return this.refuse(404);
    if (request.method !== 'POST') return this.refuse(405);
    if (!request.headers['content-type']?.startsWith('application/json')) return this.refuse(415);
    if (mail === null) return this.refuse(400);
    const refusals = refusalsOf(mail);
    if (refusals.length > 0) return { status: 400, accepted: false, body: { errors: refusals } };
    if (!this.account.senders.includes(emailOf(mail.from))) {
      return {
        status: 403,
        accepted: false,
        body: { errors: [{ message: UNVERIFIED, field: 'from', help: null }] },
      };
    }
    const id = randomBytes(16).toString('base64url');
    return { status: 202, accepted: true, id, headers: { 'x-message-id': id } };
  }

  protected refuse(status: number): ProviderAnswer {
    const message = MESSAGES[status];
    const errors: SendGridRefusal[] = [{ message: message ?? '', field: null, help: null }];
    // A status that SendGrid does not document comes from something in front of it.
    return {
      status,
      accepted: false,
      body: message ? { errors } : '<html><body>an error page</body></html>',
    };
  }
}

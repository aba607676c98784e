import type { SendGridSettings } from './email/sendgrid.channel';
import type { TwilioSettings } from './sms/twilio.channel';
import type { XSettings } from './social/x.channel';

/** Which provider carries which channel; null leaves the channel to the outbox. */
export interface ChannelsConfig {
  sms: TwilioSettings | null;
  email: SendGridSettings | null;
  social: XSettings | null;
}

export type ReadChannels = { ok: true; config: ChannelsConfig } | { ok: false; problems: string[] };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the providers' settings.
 * Credentials that are set by half are a problem and not an outbox: somebody meant messages to go out.
 * @param env as `process.env`; an empty text counts as not set
 * @returns the settings, or all problems at once, none of which shows a value
 */
export function readChannelsConfig(env: Env): ReadChannels {
  const reader = new Reader(env);
  const config = { sms: readTwilio(reader), email: readSendGrid(reader), social: readX(reader) };
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, config };
}

/** Collects problems while the settings are read, so that an operator sees them all at once. */
class Reader {
  readonly problems: string[] = [];

  constructor(private readonly env: Env) {}

  get(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  /** All of them, or null if none is set; some of them is a problem. */
  allOrNone<Name extends string>(
    names: readonly Name[],
    hints: readonly string[] = [],
  ): Record<Name, string> | null {
    const missing = names.filter((name) => !this.get(name));
    const touched = [...names, ...hints].filter((name) => this.get(name));
    if (touched.length === 0) return null;
    if (missing.length > 0) {
      this.problem(`${touched.join(', ')} set, but ${missing.join(', ')} missing: set all of them or none`);
      return null;
    }
    return Object.fromEntries(names.map((name) => [name, this.get(name) ?? ''])) as Record<Name, string>;
  }

  check(name: string, shape: RegExp, expected: string): void {
    const value = this.get(name);
    if (value !== undefined && !shape.test(value)) this.problem(`${name} must be ${expected}`);
  }

  url(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const scheme = URL.canParse(value) ? new URL(value).protocol : '';
    if (scheme !== 'http:' && scheme !== 'https:') this.problem(`${name} must be an http or https URL`);
    return value;
  }

  /** A call must end well before the lease on its delivery does. */
  timeoutMs(): number | undefined {
    const value = this.get('PROVIDER_TIMEOUT_MS');
    if (value === undefined) return undefined;
    const ms = Number(value);
    if (Number.isInteger(ms) && ms >= 100 && ms <= 15_000) return ms;
    this.problem('PROVIDER_TIMEOUT_MS must be a whole number from 100 to 15000');
    return undefined;
  }

  problem(text: string): void {
    if (!this.problems.includes(text)) this.problems.push(text);
  }
}

function readTwilio(reader: Reader): TwilioSettings | null {
  const senders = ['TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID'];
  const all = reader.allOrNone(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'], senders);
  if (!all) return null;
  reader.check('TWILIO_ACCOUNT_SID', /^AC[0-9a-fA-F]{32}$/, 'an account SID: AC and 32 hexadecimal digits');
  reader.check(
    'TWILIO_MESSAGING_SERVICE_SID',
    /^MG[0-9a-fA-F]{32}$/,
    'a service SID: MG and 32 hexadecimal digits',
  );
  reader.check(
    'TWILIO_FROM',
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'a number in E.164, a short code or a sender name',
  );
  const from = reader.get('TWILIO_FROM');
  const messagingServiceSid = reader.get('TWILIO_MESSAGING_SERVICE_SID');
  if (Boolean(from) === Boolean(messagingServiceSid)) {
    reader.problem('set exactly one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID');
  }
  return {
    accountSid: all.TWILIO_ACCOUNT_SID,
    authToken: all.TWILIO_AUTH_TOKEN,
    sender: messagingServiceSid ? { messagingServiceSid } : { from: from ?? '' },
    statusCallbackUrl: reader.url('TWILIO_STATUS_CALLBACK_URL'),
    baseUrl: reader.url('TWILIO_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}

function readSendGrid(reader: Reader): SendGridSettings | null {
  const all = reader.allOrNone(['SENDGRID_API_KEY', 'SENDGRID_FROM'], ['SENDGRID_FROM_NAME']);
  if (!all) return null;
  reader.check('SENDGRID_API_KEY', /^SG\.\S+$/, 'an API key: it starts with SG.');
  reader.check('SENDGRID_FROM', /^[^\s@]+@[^\s@]+$/, 'a mail address');
  const name = reader.get('SENDGRID_FROM_NAME');
  return {
    apiKey: all.SENDGRID_API_KEY,
    from: { email: all.SENDGRID_FROM, ...(name && { name }) },
    baseUrl: reader.url('SENDGRID_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}

function readX(reader: Reader): XSettings | null {
  const all = reader.allOrNone(['X_API_KEY', 'X_API_SECRET', 'X_ACCESS_TOKEN', 'X_ACCESS_SECRET']);
  if (!all) return null;
  return {
    apiKey: all.X_API_KEY,
    apiSecret: all.X_API_SECRET,
    accessToken: all.X_ACCESS_TOKEN,
    accessSecret: all.X_ACCESS_SECRET,
    baseUrl: reader.url('X_BASE_URL'),
    timeoutMs: reader.timeoutMs(),
  };
}

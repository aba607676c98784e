import type { Verdict } from '../send-reason';

/** A server's refusal, as the dialogue had it. */
export interface SmtpReply {
  /** Three digits, RFC 5321. */
  code: number;
  /** The reply's text; it may name addresses and is only searched for the enhanced code. */
  text: string;
  /** What was answered: `MAIL FROM`, `RCPT TO`, `DATA`, `AUTH PLAIN`, … */
  command: string;
}

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const blocked: Verdict = { kind: 'rejected', reason: 'blocked' };
const content: Verdict = { kind: 'rejected', reason: 'content' };
const setup: Verdict = { kind: 'rejected', reason: 'configuration' };
const credentials: Verdict = { kind: 'rejected', reason: 'unauthorized' };
const refused: Verdict = { kind: 'rejected', reason: 'refused' };
const throttled: Verdict = { kind: 'retryable', reason: 'throttled' };
const later: Verdict = { kind: 'retryable', reason: 'providerError' };

/**
 * What enhanced status codes mean for one attempt; the longest beginning that fits counts. What begins with 4 is always
 * retryable and with 5 always rejected (RFC 5321, 4.2.1), whatever else is said here.
 * @see RFC 3463; IANA's registry of SMTP enhanced status codes
 */
export const ENHANCED_CODES: Readonly<Record<string, Verdict>> = {
  '4.': later,
  '4.2.1': throttled, // receives too quickly
  '4.2.2': { kind: 'retryable', reason: 'unreachableHandset' }, // mailbox full
  '4.4.5': throttled, // congestion
  '4.5.3': throttled, // too many recipients in one session
  '4.7.': throttled, // greylisting, rates
  '5.': refused,
  '5.1.': address,
  '5.1.7': setup, // our own address is not well formed
  '5.1.8': setup, // our own domain does not exist
  '5.2.': address, // mailbox disabled
  '5.2.2': { kind: 'rejected', reason: 'unreachableHandset' }, // mailbox full
  '5.2.3': content, // longer than the mailbox takes
  '5.3.4': content, // longer than the server takes
  '5.4.1': address, // nobody answers for the domain
  '5.4.4': address, // no route to the domain
  '5.5.': setup, // we spoke wrongly
  '5.6.': content,
  '5.7.': blocked,
  '5.7.8': credentials,
  '5.7.9': credentials,
  '5.7.11': credentials, // needs encryption
  '5.7.14': credentials,
  '5.7.20': setup, // DKIM
  '5.7.21': setup,
  '5.7.22': setup,
  '5.7.23': setup, // SPF
  '5.7.24': setup,
  '5.7.25': setup, // reverse DNS
  '5.7.26': setup, // several of these together
};

/** The same by plain reply code, for servers that say no more. */
const PLAIN_CODES: Readonly<Record<number, Verdict>> = {
  421: throttled,
  450: { kind: 'retryable', reason: 'unreachableHandset' },
  452: throttled,
  500: setup,
  501: setup,
  502: setup,
  503: later, // a dialogue out of step says nothing about the message
  504: setup,
  521: address, // takes no mail at all, RFC 7504
  523: content,
  530: credentials,
  534: credentials,
  535: credentials,
  538: credentials,
  552: content,
  555: setup,
  556: address, // the domain takes no mail, RFC 7505
};

const ENHANCED = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\d)/;

/** What a refusal means for one attempt. */
export function smtpVerdict({ code, text, command }: SmtpReply): Verdict {
  // Without the armour that was asked for nothing leaves; a server that lost its certificate gets it back.
  if (command === 'STARTTLS') return { kind: 'retryable', reason: 'unreachable' };
  const isAuth = command.startsWith('AUTH');
  if (isAuth && code >= 500) return credentials;
  const enhanced = ENHANCED.exec(text)?.[1];
  // A server that contradicts itself is believed in its first digit, which is what RFC 5321 asks of clients.
  if (enhanced && enhanced.startsWith(String(code)[0] ?? '')) return longest(enhanced);
  return plainVerdict(code, command);
}

function plainVerdict(code: number, command: string): Verdict {
  const isRecipient = command === 'RCPT TO';
  if (isRecipient && code === 501) return address;
  const plain = PLAIN_CODES[code];
  if (plain) return plain;
  if (code < 500) return later;
  if (isRecipient) return code === 554 ? blocked : address;
  return command === 'MAIL FROM' ? setup : blocked;
}

function longest(enhanced: string): Verdict {
  const [begin = '', subject = ''] = enhanced.split('.');
  const candidates = [enhanced, `${begin}.${subject}.`, `${begin}.`];
  return candidates.map((candidate) => ENHANCED_CODES[candidate]).find((verdict) => verdict) ?? refused;
}

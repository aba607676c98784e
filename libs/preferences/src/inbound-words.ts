/**
 * What somebody meant who wrote to us. `stop` in any reasonable way counts, as law asks (47 CFR 64.1200, since 2025);
 * providers themselves understand single words only. `unclearNumber`: "1,000" is a thousand to some and one to others.
 */
export type InboundWish =
  | { kind: 'stop' }
  | { kind: 'start' }
  | { kind: 'help' }
  | { kind: 'why' }
  | { kind: 'snooze'; forMs: number }
  /** Decimal text without grouping. */
  | { kind: 'threshold'; amount: string }
  | { kind: 'unclearNumber' }
  | { kind: 'unknown' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A snooze without a length. */
const USUAL_SNOOZE_MS = HOUR_MS;
const LONGEST_SNOOZE_MS = 366 * DAY_MS;

const STOP =
  words(`stop, stopall, stop all, quit, end, revoke, opt out, optout, cancel, unsubscribe, remove, arret, stopp,
  abmelden, baja, stop it, stop this, stop now, unsubscribe all, cancel all, cancel alerts, remove me, opt me out,
  unsubscribe me, leave me alone, wrong number, i quit, i revoke, i revoke consent, i revoke my consent, revoke consent,
  i opt out, i want out, no more, take me off, take me off this list, take me off your list, remove me from this list,
  remove me from your list, not interested`);
const START = words('start, yes, unstop, resume, subscribe, opt in, optin, start again, ja');
const HELP = words(
  'help, info, hilfe, help me, commands, options, how do i stop, how to stop, how do i unsubscribe',
);
const WHY = words('why, why this, why me, why did i get this, why am i getting this, warum');

/** "stop texting me", "don't send me any more messages", "i want to unsubscribe": a verb of ending, said of what we do. */
const STOP_PHRASES: readonly RegExp[] = [
  /^(?:i (?:want|would like|wish|need) to|i d like to|can you|could you|would you|you need to|you must|just) (?:stop|quit|unsubscribe|opt out|cancel)(?: .*)?$/,
  /^(?:stop|quit|cease|end|cancel) (?:all |these |the |those |your |this |my )*(?:text|texts|texting|message|messages|messaging|sms|alert|alerts|alerting|notification|notifications|notifying|send|sending|contact|contacting|calling|bothering|spam|spamming|subscription|service)(?: .*)?$/,
  /^(?:do not|don t|dont|never|no longer) (?:ever )?(?:text|message|sms|contact|send|notify|alert|bother|call)(?: .*)?$/,
  /^no more (?:of )?(?:these |your |the )*(?:texts?|messages?|sms|alerts?|notifications?)(?: .*)?$/,
  /^(?:unsubscribe|remove|delete|opt) (?:me|us|my number|this number|out)(?: .*)?$/,
];

/** What courtesy and impatience add says nothing. */
const COURTESY =
  /\b(?:please|pls|plz|kindly|thanks|thank you|thx|hi|hello|hey|dear|sir|madam|immediately|now|asap|bitte)\b/g;

/** Reads a text that came to one of our numbers. Case, punctuation, accents and courtesy do not matter. */
export function readInboundText(text: string): InboundWish {
  const plain = normalised(text);
  const bare = plain.replace(COURTESY, ' ').replace(/\s+/g, ' ').trim();
  if (isStop(plain) || isStop(bare)) return { kind: 'stop' };
  if (START.has(bare)) return { kind: 'start' };
  if (HELP.has(bare) || text.trim() === '?') return { kind: 'help' };
  if (WHY.has(bare)) return { kind: 'why' };
  return readSnooze(text) ?? readAmount(text.trim()) ?? { kind: 'unknown' };
}

function isStop(said: string): boolean {
  return STOP.has(said) || STOP_PHRASES.some((phrase) => phrase.test(said));
}

function normalised(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:m|min|mins|minutes?)$/, MINUTE_MS],
  [/^(?:h|hr|hrs|hours?)$/, HOUR_MS],
  [/^(?:d|days?)$/, DAY_MS],
  [/^(?:w|wk|wks|weeks?)$/, 7 * DAY_MS],
];

/** `SNOOZE`, `snooze 2h`, `Snooze for 1 h 30 min`: numbers and units by turns. */
function readSnooze(text: string): InboundWish | null {
  const [word, ...rest] = text.toLowerCase().match(/\d+|\p{L}+|[^\s.!,]/gu) ?? [];
  if (word !== 'snooze') return null;
  const said = rest.filter((part) => part !== 'for' && part !== 'and');
  const forMs = said.length === 0 ? USUAL_SNOOZE_MS : lengthOf(said);
  return forMs > 0 && forMs <= LONGEST_SNOOZE_MS ? { kind: 'snooze', forMs } : null;
}

/** NaN for what is no length. */
function lengthOf(said: readonly string[]): number {
  let sum = said.length % 2 === 0 ? 0 : Number.NaN;
  for (let at = 0; at + 1 < said.length; at += 2) {
    const unitMs = UNITS.find(([name]) => name.test(said[at + 1] ?? ''))?.[1];
    sum += Number(said[at]) * (unitMs ?? Number.NaN);
  }
  return sum;
}

/** A number alone, perhaps with a sign, a currency or a unit beside it. */
function readAmount(text: string): InboundWish | null {
  const shape =
    /^(?:\p{Sc}|[A-Z]{3}(?=[\s\d+-]))?\s*([+-]?)\s*(\d[\d.,' \u00a0]{0,30})\s*(?:\p{Sc}|%|[A-Za-z]{1,4})?[\s!]*$/u;
  const [, sign, digits] = shape.exec(text) ?? [];
  if (digits === undefined) return null;
  const amount = ungrouped(digits.trim().replace(/[.,]$/, ''));
  if (amount === null) return { kind: 'unclearNumber' };
  return { kind: 'threshold', amount: `${sign === '-' ? '-' : ''}${amount}` };
}

/** @returns decimal text, or null where nobody can know which separator is meant */
function ungrouped(digits: string): string | null {
  if (/^\d+$/.test(digits)) return digits;
  const grouped = /^\d{1,3}(?:[' \u00a0]\d{3})+(?:[.,]\d+)?$/.exec(digits);
  if (grouped) return digits.replace(/[' \u00a0]/g, '').replace(',', '.');
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(digits) || /^\d{1,3}(?:,\d{3}){2,}$/.test(digits))
    return digits.replaceAll(',', '');
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(digits) || /^\d{1,3}(?:\.\d{3}){2,}$/.test(digits))
    return digits.replaceAll('.', '').replace(',', '.');
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(digits)) return null;
  return /^\d+[.,]\d+$/.test(digits) ? digits.replace(',', '.') : null;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(',').map((word) => word.replace(/\s+/g, ' ').trim()));
}

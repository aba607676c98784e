import type { Channel } from '@app/contracts';

/** What the message is called by the person who gets it. */
export const CHANNEL_WORDS: Record<Channel, string> = {
  sms: 'text',
  email: 'mail',
  social: 'post',
  push: 'push',
  webhook: 'web hook',
  chat: 'chat',
  voice: 'call',
  inbox: 'inbox',
};

/** Kinds that a name says by itself: "Taiwan", not "region Taiwan". */
const SILENT_KINDS = new Set(['region', 'place', 'index']);
const NAMES: Readonly<Record<string, string>> = { 'index:SP500': 'S&P 500' };

/** "flight:LAX-PHX" as the start of a line: "Flight LAX-PHX". */
export function subjectWords(subject: string): string {
  const known = NAMES[subject];
  if (known) return known;
  const colon = subject.indexOf(':');
  const kind = subject.slice(0, Math.max(colon, 0));
  const words =
    colon < 0 || SILENT_KINDS.has(kind) ? subject.slice(colon + 1) : `${kind} ${subject.slice(colon + 1)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Groups the digits of every number from a thousand on: "1399.42 points" becomes "1,399.42 points". */
export function grouped(text: string): string {
  return text.replace(/\d+(\.\d+)?/g, (number) => {
    const [whole = '', fraction] = number.split('.');
    const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
  });
}

const DAY_MS = 86_400_000;

/**
 * When something happened, for a reader now: the time of day where it was just now, otherwise the day, since the
 * demonstration's data comes from years ago. Always ten columns.
 * @param at epoch ms
 */
export function whenWords(at: number, now: number): string {
  if (Math.abs(now - at) > DAY_MS) return new Date(at).toISOString().slice(0, 10);
  const time = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}`.padStart(10);
}

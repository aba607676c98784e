import { CHANNELS, type Channel } from '@app/contracts';
import { CHANNEL_WORDS, grouped, subjectWords, whenWords } from './wording';

/** An alert as its line tells it. */
export interface AlertNews {
  /** Epoch ms of the event. */
  at: number;
  customerName: string;
  subject: string;
  metricTitle: string;
  /** "is below 1400.00 points" */
  condition: string;
  /** Decimal text. */
  value: string;
  /** Where it was handed over so far. */
  channels: Channel[];
}

/** "2000-01-04  Ana     S&P 500: closing level is below 1,400.00 points, now 1,399.42 → text, mail" */
export function alertLine(news: AlertNews, now: number): string {
  const who = (news.customerName.split(' ')[0] ?? '').padEnd(7);
  const what = `${subjectWords(news.subject)}: ${news.metricTitle} ${grouped(news.condition)}, now ${grouped(news.value)}`;
  const ways = CHANNELS.filter((channel) => news.channels.includes(channel)).map((way) => CHANNEL_WORDS[way]);
  return `${whenWords(news.at, now)}  ${who} ${what}${ways.length > 0 ? ` → ${ways.join(', ')}` : ''}`;
}

export interface Counts {
  events: number;
  eventsPerSecond: number;
  alertsOpened: number;
  alertsRecovered: number;
  acceptedByChannel: Partial<Record<Channel, number>>;
  deadLetters: number;
}

/** "1,234 events (173/s) · 45 alerts, 40 over · sent 20 text, 31 mail" and what is going on. */
export function statusLine(counts: Counts, doing: string): string {
  const sent = CHANNELS.filter((channel) => counts.acceptedByChannel[channel]).map(
    (channel) => `${number(counts.acceptedByChannel[channel] ?? 0)} ${CHANNEL_WORDS[channel]}`,
  );
  return [
    `${number(counts.events)} events (${number(counts.eventsPerSecond)}/s)`,
    `${number(counts.alertsOpened)} alerts, ${number(counts.alertsRecovered)} over`,
    ...(sent.length > 0 ? [`sent ${sent.join(', ')}`] : []),
    ...(counts.deadLetters > 0 ? [`${number(counts.deadLetters)} events refused`] : []),
    ...(doing ? [doing] : []),
  ].join(' · ');
}

/** Cuts a line so that it never wraps, which would break a status line that is written in place. */
export function fitted(line: string, columns: number): string {
  const letters = [...line];
  return letters.length <= columns ? line : `${letters.slice(0, Math.max(columns - 1, 0)).join('')}…`;
}

function number(count: number): string {
  return grouped(String(Math.round(count)));
}

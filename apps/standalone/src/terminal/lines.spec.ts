import { alertLine, fitted, statusLine, type AlertNews } from './lines';
import { grouped, subjectWords, whenWords } from './wording';

const news: AlertNews = {
  at: Date.UTC(2000, 0, 4, 21),
  customerName: 'Ana Souza',
  subject: 'index:SP500',
  metricTitle: 'closing level',
  condition: 'is below 1400.00 points',
  value: '1399.42',
  channels: ['email', 'sms'],
};
const now = Date.UTC(2026, 0, 1, 12);

describe('a line about an alert', () => {
  it('says when, to whom, what and how it went out', () => {
    expect(alertLine(news, now)).toBe(
      '2000-01-04  Ana     S&P 500: closing level is below 1,400.00 points, now 1,399.42 → text, mail',
    );
  });

  it('leaves the way out where nothing has been handed over', () => {
    expect(alertLine({ ...news, channels: [] }, now)).toMatch(/now 1,399\.42$/);
  });

  it('gives the time of day for what happens now, in the same width', () => {
    expect(whenWords(now - 60_000, now)).toMatch(/^ {5}\d\d:\d\d$/);
    expect(whenWords(now - 2 * 86_400_000, now)).toBe('2025-12-30');
  });

  it.each([
    ['flight:LAX-PHX', 'Flight LAX-PHX'],
    ['region:Papua New Guinea', 'Papua New Guinea'],
    ['place:Seattle', 'Seattle'],
    ['account:42', 'Account 42'],
    ['thing', 'Thing'],
  ])('names %s as a person would', (subject, words) => {
    expect(subjectWords(subject)).toBe(words);
  });

  it.each([
    ['1234567.8901', '1,234,567.8901'],
    ['-1400', '-1,400'],
    ['999', '999'],
    ['is between 2900.00 and 3000.00 points', 'is between 2,900.00 and 3,000.00 points'],
  ])('groups the digits of %s without touching its decimals', (text, expected) => {
    expect(grouped(text)).toBe(expected);
  });
});

describe('the line of counts', () => {
  const counts = {
    events: 12345,
    eventsPerSecond: 172.6,
    alertsOpened: 45,
    alertsRecovered: 40,
    acceptedByChannel: { email: 31, sms: 20 },
    deadLetters: 0,
  };

  it('tells events, alerts and messages by channel', () => {
    expect(statusLine(counts, 'demonstration 41 %')).toBe(
      '12,345 events (173/s) · 45 alerts, 40 over · sent 20 text, 31 mail · demonstration 41 %',
    );
  });

  it('tells of refused events when there are some, and of nothing that is not there', () => {
    const quiet = { ...counts, acceptedByChannel: {}, deadLetters: 2 };
    expect(statusLine(quiet, '')).toBe('12,345 events (173/s) · 45 alerts, 40 over · 2 events refused');
  });

  it('is cut before it would wrap', () => {
    expect(fitted('abcdef', 4)).toBe('abc…');
    expect(fitted('abcd', 4)).toBe('abcd');
  });
});

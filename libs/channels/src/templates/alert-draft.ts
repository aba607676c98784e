import type { AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft, Recipient, Tone } from './draft';
import { localTime } from './local-time';
import { lastedWords, lowerFirst, measureWords, subjectWords, upperFirst, valueWords } from './wording';

/** "Your balance on account 42 is now 92.10 EUR, which falls below 100.00 EUR." */
export function draftFired(facts: AlertFacts, recipient: Recipient): Draft {
  if (facts.endedAt !== undefined) return draftPassed(facts, facts.endedAt, recipient);
  const news = facts.isStill ? stillNews(facts, recipient) : firedNews(facts);
  return draftOf(facts, recipient, { news, mark: facts.isStill ? 'Still' : '', tone: toneOf(facts) });
}

/** "Now critical: your balance on account 42 is now 12.00 EUR, which falls below 20.00 EUR." */
export function draftLevel(facts: AlertFacts, recipient: Recipient): Draft {
  if (facts.endedAt !== undefined) return draftPassed(facts, facts.endedAt, recipient);
  const news = `Now ${facts.severity ?? 'different'}: ${lowerFirst(firedNews(facts))}`;
  return draftOf(facts, recipient, { news, mark: upperFirst(facts.severity ?? ''), tone: toneOf(facts) });
}

/** "Still so: your balance on account 42 falls below 100.00 EUR since 09:12. It was 92.10 EUR then." */
export function draftRepeated(facts: AlertFacts, recipient: Recipient): Draft {
  if (facts.endedAt !== undefined) return draftPassed(facts, facts.endedAt, recipient);
  return draftOf(facts, recipient, {
    news: stillNews(facts, recipient),
    mark: 'Still',
    tone: toneOf(facts),
  });
}

/** "Your balance on account 42 goes to and fro: 11 changes. We tell you once an hour until it settles." */
export function draftUnstable(facts: AlertFacts, recipient: Recipient): Draft {
  const still = facts.isStill ? 'still goes' : 'goes';
  const news = `${measureWords(facts)} ${still} to and fro: ${plural(facts.changes ?? 0, 'change')}. We tell you once an hour until it settles.`;
  return draftOf(facts, recipient, { news, mark: 'Unstable', tone: 'warning' });
}

/** "Your balance on account 42 has settled, and your alert is over." */
export function draftSettled(facts: AlertFacts, recipient: Recipient): Draft {
  const end = facts.isFiring ? 'your alert still holds' : 'your alert is over';
  const news = `${measureWords(facts)} has settled, and ${end}.`;
  return draftOf(facts, recipient, { news, mark: 'Settled', tone: facts.isFiring ? 'alert' : 'over' });
}

/** "It is over: your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes." */
export function draftRecovered(facts: AlertFacts, recipient: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const news = `${endWords(facts)}. It lasted ${lastedWords(facts.at - facts.openedAt)}.`;
  const began = localTime(facts.openedAt, recipient.timeZone, 'long');
  return {
    subject: title === '' ? `Over: ${levelWords(facts)}` : `Over: ${title}, ${levelWords(facts)}`,
    tone: 'over',
    paragraphs: [
      `It is over: ${news}`,
      localTime(facts.at, recipient.timeZone, 'long'),
      `It began ${began}. You asked to hear when it ${cleanLine(facts.condition)}.`,
      ...heldBackWords(facts),
    ],
    because: because(title),
    short: shortTexts(facts, recipient, [
      ...(title === '' ? [] : [`Over: ${title}. ${upperFirst(news)}`]),
      `It is over: ${news}`,
    ]),
  };
}

/** Was held back until it was over: "It came and went: your balance on account 42 was 92.10 EUR. … It held from … 02:10 to … 05:40." */
function draftPassed(facts: AlertFacts, endedAt: number, { timeZone }: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const measure = lowerFirst(measureWords(facts));
  const what =
    facts.openedBy === 'noData'
      ? `there was no news of ${measure}`
      : `${measure} was ${valueWords(facts)}. You asked to hear when it ${cleanLine(facts.condition)}`;
  const held = (length: 'long' | 'short'): string =>
    `It held from ${localTime(facts.openedAt, timeZone, length)} to ${localTime(endedAt, timeZone, length)}.`;
  const news = `It came and went: ${what}.`;
  return {
    subject: `Came and went: ${title === '' ? measure : title}`,
    tone: 'over',
    paragraphs: [news, held('long'), ...heldBackWords(facts)],
    because: because(title),
    short: [`${news} ${held('long')}`, `${news} ${held('short')}`],
  };
}

interface News {
  news: string;
  /** Leads the subject; may be empty. */
  mark: string;
  tone: Tone;
}

function draftOf(facts: AlertFacts, recipient: Recipient, { news, mark, tone }: News): Draft {
  const title = cleanLine(facts.ruleTitle);
  const subject = title === '' ? levelWords(facts) : `${title}: ${levelWords(facts)}`;
  const held = heldBackWords(facts);
  const whole = [news, ...held].join(' ');
  return {
    subject: mark === '' ? (title === '' ? upperFirst(subject) : subject) : `${mark}: ${subject}`,
    tone,
    paragraphs: [news, localTime(facts.at, recipient.timeZone, 'long'), ...held],
    because: because(title),
    short: shortTexts(facts, recipient, [
      ...(title === '' ? [] : [`${title}: ${lowerFirst(whole)}`]),
      ...(held.length > 0 ? [whole] : []),
      news,
    ]),
  };
}

function firedNews(facts: AlertFacts): string {
  const condition = cleanLine(facts.condition);
  if (facts.openedBy === 'noData')
    return `There is no news of ${lowerFirst(measureWords(facts))}. You asked to hear of that too.`;
  if (facts.openedBy === 'expiry')
    return `${measureWords(facts)} has not done what you asked about before the time was up: it never ${condition}.`;
  return `${measureWords(facts)} is now ${valueWords(facts)}, which ${condition}.`;
}

function stillNews(facts: AlertFacts, recipient: Recipient): string {
  const since = localTime(facts.openedAt, recipient.timeZone, 'long');
  if (facts.openedBy === 'noData')
    return `There is still no news of ${lowerFirst(measureWords(facts))}, since ${since}.`;
  return `It is still so: ${lowerFirst(measureWords(facts))} ${cleanLine(facts.condition)}. It began ${since} at ${valueWords(facts)}.`;
}

function endWords(facts: AlertFacts): string {
  const what = lowerFirst(measureWords(facts));
  switch (facts.endedBy) {
    case 'noData':
      return `there is no more news of ${what}`;
    case 'expired':
      return `the time of your alert on ${what} is up`;
    case 'partner':
      return `the other one of your two alerts on ${what} has come`;
    case 'dataReturned':
      return `there is news of ${what} again`;
    case 'rearmed':
    case 'value':
    case undefined:
      return `${what} is now ${valueWords(facts)}`;
    default:
      return facts.endedBy satisfies never;
  }
}

function heldBackWords({ suppressed = 0 }: AlertFacts): string[] {
  if (suppressed === 0) return [];
  return [
    `${plural(suppressed, 'more alert')} of this kind ${suppressed === 1 ? 'was' : 'were'} held back before.`,
  ];
}

function toneOf({ severity }: AlertFacts): Tone {
  return severity === 'critical' || severity === 'warning' || severity === 'info' ? severity : 'alert';
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "balance of account 42 is 92.10 EUR" */
function levelWords(facts: AlertFacts): string {
  const title = cleanLine(facts.measure ?? '') || cleanLine(facts.metricTitle) || cleanLine(facts.metric);
  if (facts.openedBy === 'noData') return `no news of ${title} of ${subjectWords(facts.subject)}`;
  return `${title} of ${subjectWords(facts.subject)} is ${valueWords(facts)}`;
}

function because(title: string): string {
  return title === ''
    ? 'You get this because you asked us to watch this for you.'
    : `You get this because of your alert “${title}”.`;
}

/** The customer's own name for the rule leads where there is room, and is left out where there is none. */
function shortTexts(facts: AlertFacts, recipient: Recipient, news: string[]): string[] {
  const long = localTime(facts.at, recipient.timeZone, 'long');
  const short = localTime(facts.at, recipient.timeZone, 'short');
  return news.flatMap((text) => [`${text} ${long}`, `${text} ${short}`]);
}

import type { AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import { askedWords, neverWords, nowWords, thenWords } from './condition-words';
import type { Draft, Recipient, Tone } from './draft';
import { localSpan, localTime } from './local-time';
import {
  isOfSilence,
  lastedWords,
  lowerFirst,
  measureWords,
  titleWords,
  upperFirst,
  valueWords,
} from './wording';

/** "Your balance on account 42 is now 92.10 EUR, which is below 100.00 EUR." */
export function draftFired(facts: AlertFacts, recipient: Recipient): Draft {
  if (isPassed(facts)) return draftPassed(facts, facts.endedAt, recipient);
  if (facts.isStill) return draftStill(facts, recipient);
  const isTooLate = facts.openedBy === 'expiry';
  const subject = isTooLate ? titleWords(facts) : levelWords(facts);
  return draftOf(facts, recipient, {
    ...{ news: firedNews(facts), subject, tone: toneOf(facts) },
    mark: isTooLate ? 'Time is up' : '',
  });
}

/** "Now critical: your balance on account 42 is now 12.00 EUR, which is below 20.00 EUR." */
export function draftLevel(facts: AlertFacts, recipient: Recipient): Draft {
  if (isPassed(facts)) return draftPassed(facts, facts.endedAt, recipient);
  return draftOf(facts, recipient, {
    ...{ news: `Now ${facts.severity ?? 'different'}: ${lowerFirst(firedNews(facts))}`, joint: ', ' },
    ...{ subject: levelWords(facts), mark: upperFirst(facts.severity ?? ''), tone: toneOf(facts) },
  });
}

/** As `draftStill`. */
export function draftRepeated(facts: AlertFacts, recipient: Recipient): Draft {
  if (isPassed(facts)) return draftPassed(facts, facts.endedAt, recipient);
  return draftStill(facts, recipient);
}

/** "Your balance on account 42 goes to and fro: 11 changes. We tell you once an hour until it settles." */
export function draftUnstable(facts: AlertFacts, recipient: Recipient): Draft {
  const still = facts.isStill ? 'still goes' : 'goes';
  const news = `${measureWords(facts)} ${still} to and fro: ${plural(facts.changes ?? 0, 'change')}. We tell you once an hour until it settles.`;
  return draftOf(facts, recipient, { news, subject: titleWords(facts), mark: 'Unstable', tone: 'warning' });
}

/** "Your balance on account 42 has settled, and your alert is over." */
export function draftSettled(facts: AlertFacts, recipient: Recipient): Draft {
  const end = facts.isFiring ? 'your alert still holds' : 'your alert is over';
  const news = `${measureWords(facts)} has settled, and ${end}.`;
  const tone = facts.isFiring ? 'alert' : 'over';
  return draftOf(facts, recipient, { news, subject: titleWords(facts), mark: 'Settled', tone });
}

/** "It is over: your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes." */
export function draftRecovered(facts: AlertFacts, recipient: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const news = `${endWords(facts)}. It lasted ${lastedWords(facts.at - facts.openedAt)}.`;
  const began = `It began ${localTime(facts.openedAt, recipient.timeZone, 'long')}.`;
  const level = isOfSilence(facts) ? endWords(facts) : levelWords(facts);
  return {
    subject: title === '' ? `Over: ${level}` : `Over: ${title}, ${level}`,
    tone: 'over',
    paragraphs: [
      `It is over: ${news}`,
      localTime(facts.at, recipient.timeZone, 'long'),
      facts.endedBy === 'dataReturned' ? began : `${began} ${askedWords(facts)}`,
      ...heldBackWords(facts),
    ],
    because: because(title),
    short: timed(facts, recipient, [
      ...(title === '' ? [] : [`Over: ${title}. ${upperFirst(news)}`]),
      `It is over: ${news}`,
    ]),
  };
}

/** One whose end is that its time was up did not hold from then to then. */
function isPassed(facts: AlertFacts): facts is AlertFacts & { endedAt: number } {
  return facts.endedAt !== undefined && facts.openedBy !== 'expiry';
}

/** Was held back until it was over: "It came and went: your balance on account 42 was 92.10 EUR. … It held from … 02:10 to 05:40." */
function draftPassed(facts: AlertFacts, endedAt: number, { timeZone }: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const measure = lowerFirst(measureWords(facts));
  const value = facts.isStill
    ? `${measure} was ${valueWords(facts)}. ${askedWords(facts)}`
    : lowerFirst(thenWords(facts));
  const what = facts.openedBy === 'noData' ? `there was no news of ${measure}.` : value;
  const held = (length: 'long' | 'short'): string =>
    `It held ${localSpan(facts.openedAt, endedAt, timeZone, length)}.`;
  const news = `It came and went: ${what}`;
  return {
    subject: `Came and went: ${title === '' ? measure : title}`,
    tone: 'over',
    paragraphs: [news, held('long'), ...heldBackWords(facts)],
    because: because(title),
    short: [`${news} ${held('long')}`, `${news} ${held('short')}`],
  };
}

/**
 * The firing itself is no news. The value is that of the beginning, and the condition that of the level which holds now:
 * neither is said of the other, nor of this moment. With a recovery level of its own an alert goes on where its condition
 * holds no longer.
 */
function draftStill(facts: AlertFacts, recipient: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const { timeZone } = recipient;
  const held = heldBackWords(facts);
  const since = (length: 'long' | 'short') => stillWords(facts, localTime(facts.openedAt, timeZone, length));
  const asked = facts.openedBy === 'noData' ? [] : [askedWords(facts)];
  const news = [since('long'), ...asked].join(' ');
  const short = [
    [since('long'), ...asked, ...held],
    [since('short'), ...asked, ...held],
    [since('short')],
  ].map((parts) => parts.join(' '));
  const subject = facts.openedBy === 'noData' ? levelWords(facts) : titleWords(facts);
  return {
    subject: `Still: ${title === '' ? '' : `${title}: `}${subject}`,
    tone: toneOf(facts),
    paragraphs: [news, `As of ${localTime(facts.at, timeZone, 'long')}.`, ...held],
    because: because(title),
    short: [...(title === '' ? [] : short.map((text) => `${title}: ${lowerFirst(text)}`)), ...short],
  };
}

function stillWords(facts: AlertFacts, since: string): string {
  const measure = lowerFirst(measureWords(facts));
  return facts.openedBy === 'noData'
    ? `There is still no news of ${measure}, since ${since}.`
    : `Your alert still holds. It began ${since}, when ${measure} was ${valueWords(facts)}.`;
}

interface News {
  news: string;
  subject: string;
  /** Leads the subject; may be empty. */
  mark: string;
  tone: Tone;
  /** Between the rule's name and the news in a short text. */
  joint?: string;
}

function draftOf(facts: AlertFacts, recipient: Recipient, told: News): Draft {
  const { news, mark, tone, joint = ': ' } = told;
  const title = cleanLine(facts.ruleTitle);
  const subject = title === '' ? told.subject : `${title}: ${told.subject}`;
  const held = heldBackWords(facts);
  const whole = [news, ...held].join(' ');
  return {
    subject: mark === '' ? (title === '' ? upperFirst(subject) : subject) : `${mark}: ${subject}`,
    tone,
    paragraphs: [news, localTime(facts.at, recipient.timeZone, 'long'), ...held],
    because: because(title),
    short: timed(facts, recipient, [
      ...(title === '' ? [] : [`${title}${joint}${lowerFirst(whole)}`]),
      ...(held.length > 0 ? [whole] : []),
      news,
    ]),
  };
}

function firedNews(facts: AlertFacts): string {
  if (facts.openedBy === 'noData')
    return `There is no news of ${lowerFirst(measureWords(facts))}. You asked to hear of that too.`;
  return facts.openedBy === 'expiry' ? neverWords(facts) : nowWords(facts);
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
  const what = titleWords(facts);
  return facts.openedBy === 'noData' ? `no news of ${what}` : `${what} is ${valueWords(facts)}`;
}

function because(title: string): string {
  return title === ''
    ? 'You get this because you asked us to watch this for you.'
    : `You get this because of your alert “${title}”.`;
}

/**
 * The customer's own name for the rule leads where there is room, and is left out where there is none; then so is the
 * zone of a window where the time names the same one.
 */
function timed(facts: AlertFacts, { timeZone }: Recipient, news: string[]): string[] {
  const [long, short] = [localTime(facts.at, timeZone, 'long'), localTime(facts.at, timeZone, 'short')];
  const shortest = (news.at(-1) ?? '').replace(` in ${timeZone}`, '');
  return [...news.flatMap((text) => [`${text} ${long}`, `${text} ${short}`]), `${shortest} ${short}`];
}

import type { AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft, Recipient } from './draft';
import { localTime } from './local-time';
import { lastedWords, measureWords, subjectWords, valueWords } from './wording';

/** "Your balance on account 42 is now 92.10 EUR, which falls below 100.00 EUR." */
export function draftFired(facts: AlertFacts, recipient: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const news = `${measureWords(facts)} is now ${valueWords(facts)}, which ${cleanLine(facts.condition)}.`;
  return {
    subject: title === '' ? upperFirst(levelWords(facts)) : `${title}: ${levelWords(facts)}`,
    tone: 'alert',
    paragraphs: [news, localTime(facts.at, recipient.timeZone, 'long')],
    because: because(title),
    short: shortTexts(facts, recipient, [...(title === '' ? [] : [`${title}: ${lowerFirst(news)}`]), news]),
  };
}

/** "It is over: your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes." */
export function draftRecovered(facts: AlertFacts, recipient: Recipient): Draft {
  const title = cleanLine(facts.ruleTitle);
  const level = `${lowerFirst(measureWords(facts))} is now ${valueWords(facts)}`;
  const news = `${level}. It lasted ${lastedWords(facts.at - facts.openedAt)}.`;
  const began = localTime(facts.openedAt, recipient.timeZone, 'long');
  return {
    subject: title === '' ? `Over: ${levelWords(facts)}` : `Over: ${title}, ${levelWords(facts)}`,
    tone: 'over',
    paragraphs: [
      `It is over: ${news}`,
      localTime(facts.at, recipient.timeZone, 'long'),
      `It began ${began}. You asked to hear when it ${cleanLine(facts.condition)}.`,
    ],
    because: because(title),
    short: shortTexts(facts, recipient, [
      ...(title === '' ? [] : [`Over: ${title}. ${upperFirst(news)}`]),
      `It is over: ${news}`,
    ]),
  };
}

/** "balance of account 42 is 92.10 EUR" */
function levelWords(facts: AlertFacts): string {
  const title = cleanLine(facts.metricTitle) || cleanLine(facts.metric);
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

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Only for sentences of ours, which begin with "The" or "Your". */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

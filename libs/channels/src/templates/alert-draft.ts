import type { AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft, Recipient } from './draft';
import { localTime } from './local-time';
import { lastedWords, measureWords, subjectWords, valueWords } from './wording';

/** "Your balance on account 42 is now 92.10 EUR, which falls below 100.00 EUR." */
export function draftFired(facts: AlertFacts, recipient: Recipient): Draft {
  const news = `${measureWords(facts)} is now ${valueWords(facts)}, which ${cleanLine(facts.condition)}.`;
  return {
    subject: titled(facts, headline(facts)),
    tone: 'alert',
    paragraphs: [news, localTime(facts.at, recipient.timeZone, 'long')],
    because: because(facts),
    short: shortTexts(facts, recipient, news),
  };
}

/** "It is over: your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes." */
export function draftRecovered(facts: AlertFacts, recipient: Recipient): Draft {
  const lasted = `It lasted ${lastedWords(facts.at - facts.openedAt)}.`;
  const news = `It is over: ${lowerFirst(measureWords(facts))} is now ${valueWords(facts)}. ${lasted}`;
  return {
    subject: titled(facts, `it is over, ${lowerFirst(headline(facts))}`),
    tone: 'over',
    paragraphs: [
      news,
      localTime(facts.at, recipient.timeZone, 'long'),
      `It began ${localTime(facts.openedAt, recipient.timeZone, 'long')}. You asked to hear when it ${cleanLine(facts.condition)}.`,
    ],
    because: because(facts),
    short: shortTexts(facts, recipient, news),
  };
}

function headline(facts: AlertFacts): string {
  const title = cleanLine(facts.metricTitle) || cleanLine(facts.metric);
  return `${upperFirst(title)} of ${subjectWords(facts.subject)} is ${valueWords(facts)}`;
}

function titled(facts: AlertFacts, text: string): string {
  const title = cleanLine(facts.ruleTitle);
  return title === '' ? upperFirst(text) : `${title}: ${lowerFirst(text)}`;
}

function because(facts: AlertFacts): string {
  const title = cleanLine(facts.ruleTitle);
  return title === ''
    ? 'You get this because you asked us to watch this for you.'
    : `You get this because of your alert “${title}”.`;
}

/** The customer's own name for the rule leads where there is room, and is left out where there is none. */
function shortTexts(facts: AlertFacts, recipient: Recipient, news: string): string[] {
  const title = cleanLine(facts.ruleTitle);
  const long = localTime(facts.at, recipient.timeZone, 'long');
  const short = localTime(facts.at, recipient.timeZone, 'short');
  const titles =
    title === '' ? [] : [`${title}: ${lowerFirst(news)} ${long}`, `${title}: ${lowerFirst(news)} ${short}`];
  return [...titles, `${news} ${long}`, `${news} ${short}`];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Only for sentences of ours: the name of a metric may begin with a capital for a reason ("S&P 500 close"). */
function lowerFirst(text: string): string {
  return /^(The|Your|It) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

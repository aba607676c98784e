import type { ServiceAlertFacts, Severity } from '@app/contracts';
import { cleanLine, cleanParagraphs } from './clean-text';
import type { Draft } from './draft';

const OPENINGS: Readonly<Record<Severity, string>> = {
  info: '',
  warning: 'Please note: ',
  critical: 'Important: ',
};

/** What an admin tells many people: their own words, which nothing of ours replaces. */
export function draftServiceAlert(facts: ServiceAlertFacts): Draft {
  const paragraphs = cleanParagraphs(facts.text);
  const title = cleanLine(facts.title) || paragraphs[0] || 'There is news for you';
  const subject = `${OPENINGS[facts.severity]}${title}`;
  const ended = /[.!?:…]$/.test(subject) ? subject : `${subject}.`;
  const whole = [ended, ...paragraphs].join(' ');
  return {
    subject,
    tone: facts.severity,
    paragraphs: paragraphs.length > 0 ? paragraphs : [title],
    ...(paragraphs.length > 0 && title !== paragraphs[0] && { lead: subject }),
    because: 'You get this because it concerns something that you own or follow.',
    short: [paragraphs.length > 0 ? whole : subject],
  };
}

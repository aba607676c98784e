import type { AnswerFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft } from './draft';

/** Our answer to what a customer wrote: their words brought it about, so it says nothing else. */
export function draftAnswer(facts: AnswerFacts): Draft {
  const text = cleanLine(facts.text);
  return { subject: text, tone: 'info', paragraphs: [text], because: 'You wrote to us.', short: [text] };
}

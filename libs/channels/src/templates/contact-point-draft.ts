import type { ContactPointLostFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft } from './draft';

/** Said where the customer can still be reached: nobody should learn from silence that an address is dead. */
export function draftContactPointLost(facts: ContactPointLostFacts): Draft {
  const news = `We no longer send to ${cleanLine(facts.addressHint)}: ${cleanLine(facts.reason)}.`;
  const act = 'If it still is yours, confirm it again on your preferences page.';
  return {
    subject: `We no longer reach you at ${cleanLine(facts.addressHint)}`,
    tone: 'warning',
    paragraphs: [news, act],
    because: 'This address of yours is the one that still works.',
    short: [`${news} ${act}`, news],
  };
}

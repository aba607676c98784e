import type { ContactPointLostFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft } from './draft';

/** What the stable words mean to a person. */
const REASONS: Readonly<Record<string, string>> = {
  optedOut: 'you asked us to stop',
  complained: 'a message there was reported as spam',
  bounced: 'messages come back, there is no such mail box',
  deadNumber: 'the number cannot be reached any more',
  softBounces: 'several messages in a row came back',
  gone: 'it has told us that nobody is there any more',
  failing: 'it has taken nothing in for three days',
  silent: 'we have not written there for a year, so please confirm that it is still yours',
};

/** Said where the customer can still be reached: nobody should learn from silence that an address is dead. */
export function draftContactPointLost(facts: ContactPointLostFacts): Draft {
  const news = `We no longer send to ${cleanLine(facts.addressHint)}: ${cleanLine(REASONS[facts.reason] ?? facts.reason)}.`;
  const act = 'If it still is yours, confirm it again on your preferences page.';
  return {
    subject: `We no longer reach you at ${cleanLine(facts.addressHint)}`,
    tone: 'warning',
    paragraphs: [news, act],
    because: 'This address of yours is the one that still works.',
    short: [`${news} ${act}`, news],
  };
}

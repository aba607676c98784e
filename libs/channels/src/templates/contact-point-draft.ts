import type { ContactPointLostFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft } from './draft';

/** What the stable words mean to a person. */
const REASONS: Readonly<Record<string, string>> = {
  optedOut: 'you asked us to stop',
  complained: 'a message there was reported as spam',
  bounced: 'messages come back, there is no such mailbox',
  deadNumber: 'the number cannot be reached any more',
  softBounces: 'several messages in a row came back',
  gone: 'we were told that nobody is there any more',
  failing: 'it has taken nothing in for three days',
  silent: 'we have not written there for a year, so please confirm that it is still yours',
};

/** Where confirming it once more is not the way back. */
const ACTS: Readonly<Record<string, string>> = {
  optedOut: 'If you did not mean that, you can take it back in your account.',
  silent: 'You can do that in your account.',
  ...Object.fromEntries(
    ['complained', 'bounced', 'deadNumber', 'softBounces'].map((reason) => [
      reason,
      'If that is wrong, ask us in your account to look at it.',
    ]),
  ),
};

/** Said where the customer can still be reached: nobody should learn from silence that an address is dead. */
export function draftContactPointLost(facts: ContactPointLostFacts): Draft {
  const news = `We no longer send to ${cleanLine(facts.addressHint)}: ${REASONS[facts.reason] ?? 'it can no longer be used'}.`;
  const act = ACTS[facts.reason] ?? 'If it is still yours, confirm it again in your account.';
  return {
    subject: `We no longer reach you at ${cleanLine(facts.addressHint)}`,
    tone: 'warning',
    paragraphs: [news, act],
    because: 'You get this here because this address of yours still works.',
    short: [`${news} ${act}`, news],
  };
}

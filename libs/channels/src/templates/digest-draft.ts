import type { DigestFacts, NotificationBody } from '@app/contracts';
import type { Draft } from './draft';

/** Several notifications in one message: each by its first sentence, and how many more there were. */
export function draftDigest(facts: DigestFacts, draftOne: (body: NotificationBody) => Draft): Draft {
  const subjects = facts.items.map((item) => draftOne(item.body).subject);
  const more = facts.count - subjects.length;
  const rest = more > 0 ? [`And ${more} more.`] : [];
  const subject = facts.count === 1 ? (subjects[0] ?? '') : `${facts.count} alerts for you`;
  const last = subjects.at(-1) ?? '';
  return {
    subject,
    tone: 'info',
    paragraphs: [...subjects, ...rest],
    because:
      facts.because === 'cap'
        ? 'You chose how many single messages you want at most; these came together instead.'
        : 'You chose to be told of these together.',
    short: [[...subjects, ...rest].join(' '), `${facts.count} alerts. The last: ${last}`],
  };
}

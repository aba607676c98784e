import type { DigestFacts, NotificationBody } from '@app/contracts';
import type { Draft } from './draft';

/** Several notifications in one message: each by its first sentence, and how many more there were. */
export function draftDigest(facts: DigestFacts, draftOne: (body: NotificationBody) => Draft): Draft {
  const subjects = facts.items.map((item) => draftOne(item.body).subject);
  const more = facts.count - subjects.length;
  const rest = more > 0 ? [`And ${more} more.`] : [];
  const isOne = facts.count === 1;
  const over = facts.because === 'cap' ? ' over your limit' : '';
  const many = `${facts.count} alerts${over}`;
  const last = subjects.at(-1) ?? '';
  return {
    subject: isOne ? last : `${many} for you`,
    tone: 'info',
    paragraphs: [...subjects, ...rest],
    because:
      facts.because === 'cap'
        ? 'You chose how many single messages you want at most; these came together instead.'
        : 'You chose to be told of these together.',
    short: isOne
      ? [last]
      : [`${many}: ${[subjects.join('; '), ...rest].join('. ')}`, `${many}. The last: ${last}`, many],
  };
}

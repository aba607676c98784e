import type { DigestFacts, NotificationBody } from '@app/contracts';
import type { Draft, Recipient } from './draft';
import { localMinute, localTime, zoneToldIn } from './local-time';

/** Several notifications in one message: each by its first sentence and its time, and how many more there were. */
export function draftDigest(
  facts: DigestFacts,
  { timeZone }: Recipient,
  draftOne: (body: NotificationBody) => Draft,
): Draft {
  const items = facts.items.map(({ body, causedAt }) => ({ subject: draftOne(body).subject, causedAt }));
  const more = facts.count - items.length;
  const over = facts.because === 'cap' ? ' over your limit' : '';
  const many = `${facts.count} alerts${over}`;
  const title = facts.because === 'cap' ? many : `${many} for you`;
  const last = items.at(-1) ?? { subject: '', causedAt: 0 };
  const at = localTime(last.causedAt, timeZone, 'short');
  const lines = items.map(({ subject, causedAt }) => `${localMinute(causedAt, timeZone)} – ${subject}`);
  const rest = more > 0 ? [`And ${more} more.`] : [];
  const zone = `All times are those of ${zoneToldIn(timeZone)}.`;
  const isOne = facts.count === 1;
  return {
    subject: isOne ? last.subject : title,
    tone: 'info',
    paragraphs: isOne
      ? [last.subject, localTime(last.causedAt, timeZone, 'long')]
      : [...lines, ...rest, zone],
    because:
      facts.because === 'cap'
        ? 'You chose how many single messages you want at most; these came together instead.'
        : 'You chose to be told of these together.',
    short: isOne
      ? [`${last.subject}. ${at}`]
      : [
          `${many}: ${[lines.join('; '), ...rest, zone].join('. ')}`,
          `${many}. The last: ${last.subject}. ${at}`,
          many,
        ],
    ...(!isOne && { lead: title }),
  };
}

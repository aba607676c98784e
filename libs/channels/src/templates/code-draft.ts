import type { CodeFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import type { Draft, Recipient } from './draft';
import { localTime } from './local-time';

/** The only message that goes to an address before it is proven; it names nobody, and its only link proves the same. */
export function draftCode(facts: CodeFacts, recipient: Recipient): Draft {
  const code = cleanLine(facts.code);
  const until = localTime(facts.expiresAt, recipient.timeZone, 'time');
  const news = `Your confirmation code is ${code}. It works until ${until}.`;
  const stranger = 'If you did not ask for it, please ignore this message.';
  return {
    subject: `Your confirmation code is ${code}`,
    tone: 'info',
    paragraphs: [
      news,
      ...(facts.link ? [`Or open this page and press its button: ${facts.link}`] : []),
      stranger,
    ],
    ...(facts.link && { link: facts.link }),
    because:
      'Somebody entered this address to be told of alerts. Nothing else comes here until the code is used.',
    short: [`${news} ${stranger}`],
  };
}

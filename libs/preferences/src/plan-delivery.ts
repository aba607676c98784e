import { CHANNELS } from '@app/contracts';
import type { Channel, CodeFacts, Notification } from '@app/contracts';
import { toldKey, waysTo } from './recipient';
import type { KnownWay, Recipient, Way } from './recipient';

/** Why a way is taken: switched on by the customer, nothing said, told of the firing, or a code's own address. */
export type SentReason = 'switchedOn' | 'byDefault' | 'wasTold' | 'provesThisAddress';

export type SuppressedReason =
  | 'notTheirs'
  | 'notVerified'
  | 'channelNotAsked'
  | 'switchedOff'
  | 'wasNotTold'
  | 'codeExpired'
  /** There is no contact point at all on this channel. */
  | 'noUsableContactPoint';

export interface PlannedSend extends Way {
  reason: SentReason;
}

export type Decision = Pick<Way, 'channel' | 'contactPointId'> &
  ({ decision: 'sent'; reason: SentReason } | { decision: 'suppressed'; reason: SuppressedReason });

type Verdict = { sent: SentReason } | { suppressed: SuppressedReason };

const NOTHING_THERE: Verdict = { suppressed: 'noUsableContactPoint' };

/**
 * Decides on which of a customer's ways one notification goes out, and says of every other way why not.
 *
 * Only verified contact points are used. The exception is a verification code: it goes to the contact point it
 * proves and nowhere else, whatever the preferences say. A topic is on wherever no preference switches it off.
 * A recovery goes to those who heard of the firing, so that nobody hears that an unknown trouble is over.
 *
 * @param notification to one customer; a public post has no ways to choose from and is not planned here
 * @param now epoch ms; a code that has expired by then is not sent
 * @returns `decisions` names each way exactly once, in the order of the contact points, the inbox last, then
 *   the channels on which there is nothing to send to; it is never empty. `send` are the ways that are taken.
 */
export function planDelivery(
  notification: Notification,
  recipient: Recipient,
  now: number,
): { send: PlannedSend[]; decisions: Decision[] } {
  const { body } = notification;
  const decided =
    body.kind === 'verificationCode'
      ? waysTo(recipient)
          .filter((way) => way.contactPointId === body.facts.contactPointId)
          .map((way) => ({ way, verdict: judgeCode(way, body.facts, now) }))
      : waysTo(recipient).map((way) => ({ way, verdict: judge(way, notification, recipient) }));

  const send = decided.flatMap(({ way: { channel, contactPointId, address }, verdict }) =>
    'sent' in verdict ? [{ channel, contactPointId, address, reason: verdict.sent }] : [],
  );
  const present = new Set(decided.map(({ way }) => way.channel));
  const missed = expectedChannels(notification, recipient, {
    sent: send.length,
    judged: decided.length,
  }).filter((channel) => !present.has(channel));
  return {
    send,
    decisions: [
      ...decided.map(({ way, verdict }) => toDecision(way, verdict)),
      ...missed.map((channel) => toDecision({ channel, contactPointId: null }, NOTHING_THERE)),
    ],
  };
}

function judgeCode(way: KnownWay, { expiresAt }: CodeFacts, now: number): Verdict {
  if (!way.isTheirs) return { suppressed: 'notTheirs' };
  return expiresAt <= now ? { suppressed: 'codeExpired' } : { sent: 'provesThisAddress' };
}

function judge(way: KnownWay, notification: Notification, recipient: Recipient): Verdict {
  const { channels, topic, body } = notification;
  if (!way.isTheirs) return { suppressed: 'notTheirs' };
  if (!way.isVerified) return { suppressed: 'notVerified' };
  if (channels && !channels.includes(way.channel)) return { suppressed: 'channelNotAsked' };
  const wishes = recipient.preferences.filter((wish) => wish.topic === topic && wish.channel === way.channel);
  if (wishes.some((wish) => !wish.enabled)) return { suppressed: 'switchedOff' };
  if (body.kind === 'alertRecovered') {
    return recipient.told?.includes(toldKey(way)) ? { sent: 'wasTold' } : { suppressed: 'wasNotTold' };
  }
  return { sent: wishes.length > 0 ? 'switchedOn' : 'byDefault' };
}

/**
 * The channels on which somebody expects a message: asked for by name, told of the firing, or any at all if
 * nothing else goes out.
 */
function expectedChannels(
  { channels, body }: Notification,
  { told }: Recipient,
  { sent, judged }: { sent: number; judged: number },
): readonly Channel[] {
  if (body.kind === 'alertRecovered')
    return CHANNELS.filter((channel) => told?.some((key) => key.startsWith(`${channel}:`)));
  if (body.kind === 'verificationCode') return judged > 0 ? [] : channels?.length ? channels : CHANNELS;
  return channels ?? (sent > 0 ? [] : CHANNELS);
}

function toDecision(
  { channel, contactPointId }: Pick<Way, 'channel' | 'contactPointId'>,
  verdict: Verdict,
): Decision {
  return 'sent' in verdict
    ? { channel, contactPointId, decision: 'sent', reason: verdict.sent }
    : { channel, contactPointId, decision: 'suppressed', reason: verdict.suppressed };
}

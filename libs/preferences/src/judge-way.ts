import { CHANNELS } from '@app/contracts';
import type { Channel, FallbackStep, Notification, NotificationBody, TopicPolicy } from '@app/contracts';
import type { SentReason, SuppressedReason } from './decision';
import { toldKey } from './recipient';
import type { KnownWay, Recipient } from './recipient';

/** Whether a way may be taken at all; when is another question. */
export type Verdict = { ruleIds: string[] } & (
  { open: SentReason } | { shut: SuppressedReason; suppression?: string }
);

/** Calls people at night and costs money: only where somebody names it. */
const ONLY_IF_NAMED: ReadonlySet<Channel> = new Set<Channel>(['voice']);

/** The channels that a topic uses where the customer said nothing. A step that names a channel switches it on. */
export function defaultChannels(topic: TopicPolicy, steps: readonly FallbackStep[] | null): Channel[] {
  const named = new Set(steps?.flatMap((step) => step.channels));
  const usual = topic.channels ?? CHANNELS.filter((channel) => !ONLY_IF_NAMED.has(channel));
  return CHANNELS.filter((channel) => usual.includes(channel) || named.has(channel));
}

/**
 * First match wins: address, critical topic, the rule's channels, the customer's switch, the topic's channels.
 * @param steps those that are in force for this notification
 */
export function judgeWay(
  way: KnownWay,
  notification: Notification,
  recipient: Recipient,
  steps: readonly FallbackStep[] | null,
): Verdict {
  const { body } = notification;
  const unfit = judgeAddress(way, body, recipient);
  if (unfit) return unfit;
  if (body.kind === 'contactPointLost') return { open: 'anotherWayLost', ruleIds: [] };
  return recipient.topic.isCritical
    ? judgeCritical(way, notification, recipient, steps)
    : judgeWish(way, notification, recipient, steps);
}

function judgeWish(
  way: KnownWay,
  notification: Notification,
  recipient: Recipient,
  steps: readonly FallbackStep[] | null,
): Verdict {
  const { channels, body } = notification;
  if (body.kind !== 'digest' && channels && !channels.includes(way.channel))
    return { shut: 'channelNotAsked', ruleIds: ['rule.channels'] };
  const wish = wishFor(way, notification, recipient);
  if (wish && 'shut' in wish) return wish;
  if (body.kind === 'alertRecovered') return judgeTold(way, recipient);
  if (body.kind === 'digest') return { open: 'gatheredHere', ruleIds: [] };
  return wish ?? judgeDefault(way, notification, recipient, steps);
}

function wishFor({ channel }: KnownWay, { topic }: Notification, { preferences }: Recipient): Verdict | null {
  const switches = preferences.filter((wish) => wish.topic === topic && wish.channel === channel);
  if (switches.length === 0) return null;
  const ruleIds = [`switch.${topic}.${channel}`];
  return switches.some((wish) => !wish.enabled)
    ? { shut: 'switchedOff', ruleIds }
    : { open: 'switchedOn', ruleIds };
}

function judgeDefault(
  { channel }: KnownWay,
  { channels, topic }: Notification,
  recipient: Recipient,
  steps: readonly FallbackStep[] | null,
): Verdict {
  if (channels) return { open: 'byDefault', ruleIds: ['rule.channels'] };
  const ruleIds = [`topic.${topic}.channels`];
  return defaultChannels(recipient.topic, steps).includes(channel)
    ? { open: 'byDefault', ruleIds }
    : { shut: 'notByDefault', ruleIds };
}

function judgeAddress(way: KnownWay, body: NotificationBody, { suppressed }: Recipient): Verdict | null {
  if (!way.isTheirs) return { shut: 'notTheirs', ruleIds: ['address.owner'] };
  if (!way.isVerified) return { shut: 'notVerified', ruleIds: ['address.verified'] };
  const isLost = body.kind === 'contactPointLost' && body.facts.contactPointId === way.contactPointId;
  const suppression = isLost ? body.facts.reason : way.contactPointId && suppressed.get(way.contactPointId);
  return suppression
    ? { shut: 'addressSuppressed', suppression, ruleIds: [`address.suppressed.${suppression}`] }
    : null;
}

function judgeCritical(
  way: KnownWay,
  { channels, topic, body }: Notification,
  recipient: Recipient,
  steps: readonly FallbackStep[] | null,
): Verdict {
  if (body.kind === 'alertRecovered') return judgeTold(way, recipient);
  const ruleIds = [`topic.${topic}.critical`];
  const isUsed = (channels ?? defaultChannels(recipient.topic, steps)).includes(way.channel);
  if (isUsed || body.kind === 'digest') return { open: 'critical', ruleIds };
  return channels
    ? { shut: 'channelNotAsked', ruleIds: ['rule.channels'] }
    : { shut: 'notByDefault', ruleIds: [`topic.${topic}.channels`] };
}

function judgeTold(way: KnownWay, { told }: Recipient): Verdict {
  return told?.includes(toldKey(way))
    ? { open: 'wasTold', ruleIds: ['firing.told'] }
    : { shut: 'wasNotTold', ruleIds: ['firing.told'] };
}

/** A code proves the address it goes to; an answer goes where the question came from, even if it was "stop". */
export function judgeOnlyWay(
  way: KnownWay,
  body: Extract<NotificationBody, { kind: 'verificationCode' | 'answer' }>,
  { suppressed }: Recipient,
  now: number,
): Verdict {
  if (!way.isTheirs) return { shut: 'notTheirs', ruleIds: ['address.owner'] };
  if (body.kind === 'answer') return { open: 'answersThis', ruleIds: [] };
  const suppression = way.contactPointId && suppressed.get(way.contactPointId);
  if (suppression)
    return { shut: 'addressSuppressed', suppression, ruleIds: [`address.suppressed.${suppression}`] };
  return body.facts.expiresAt <= now
    ? { shut: 'codeExpired', ruleIds: ['code.expiresAt'] }
    : { open: 'provesThisAddress', ruleIds: [] };
}

import type { Channel, ContactPoint, Notification, TopicPolicy } from '@app/contracts';
import type { AudienceGroup } from '@app/persistence';
import { plainRecipient, planDelivery, type Plan, type Recipient } from '@app/preferences';

export type PerChannel = Partial<Record<Channel, number>>;

/** What a service alert would do now, in messages. */
export interface DryRun {
  /** That would go out, held ones among them. */
  messages: PerChannel;
  /** Of these: wait for the end of quiet hours or of a quiet day. */
  held: PerChannel;
  /** Come later in a digest that the customer or the topic asks for. */
  digested: PerChannel;
  /** Over the customer's cap, and come later in a digest. */
  capped: PerChannel;
  /** Follow only if the channels before them do not reach the customer. */
  later: PerChannel;
  /** Would go to an address that must not be written to any more. */
  suppressed: PerChannel;
  /** People to whom nothing would go out at all. */
  unreachable: number;
}

export interface AlertToTry {
  serviceAlertId: string;
  title: string;
  text: string;
  severity: 'info' | 'warning' | 'critical';
  topic: string;
}

/**
 * What a service alert would do, by the very planner that will do it, once for each group of people who are alike.
 * @param oneIn those with a sheet stand for so many
 * @param now epoch ms; an hour later other people may be in their quiet hours
 */
export function dryRun(
  alert: AlertToTry,
  policy: TopicPolicy,
  { groups, oneIn }: { groups: readonly AudienceGroup[]; oneIn: number },
  now: number,
): DryRun {
  const result: DryRun = {
    ...{ messages: {}, held: {}, digested: {}, capped: {}, later: {}, suppressed: {} },
    unreachable: 0,
  };
  for (const group of groups) {
    const plan = planDelivery(notificationOf(alert, now), recipientOf(group, policy), now);
    count(plan, group.people * (group.sheet ? oneIn : 1), result);
  }
  return result;
}

function count({ send, digest, decisions }: Plan, people: number, result: DryRun): void {
  const add = (to: PerChannel, ways: readonly { channel: Channel }[]): void => {
    for (const { channel } of ways) to[channel] = (to[channel] ?? 0) + people;
  };
  add(result.messages, send);
  add(
    result.held,
    send.filter(({ notBefore }) => notBefore !== null),
  );
  add(
    result.digested,
    digest.filter(({ because }) => because === 'digest'),
  );
  add(
    result.capped,
    digest.filter(({ because }) => because === 'cap'),
  );
  add(
    result.later,
    decisions.filter(({ reason }) => reason === 'laterStep'),
  );
  add(
    result.suppressed,
    decisions.filter(({ reason }) => reason === 'addressSuppressed'),
  );
  if (send.length + digest.length === 0) result.unreachable += people;
}

const SOMEBODY = 'somebody';

function notificationOf({ topic, ...facts }: AlertToTry, now: number): Notification {
  const { serviceAlertId, title, text, severity } = facts;
  return {
    notificationId: '',
    customerId: SOMEBODY,
    topic,
    lane: 'bulk',
    channels: null,
    body: { kind: 'serviceAlert', facts: { serviceAlertId, title, text, severity } },
    causedAt: now,
  };
}

function recipientOf(group: AudienceGroup, topic: TopicPolicy): Recipient {
  const contactPoints = group.contactPoints.map(({ channel, isVerified }, place): ContactPoint => ({
    ...{ contactPointId: String(place), customerId: SOMEBODY, channel, address: '' },
    verifiedAt: isVerified ? new Date(0) : null,
  }));
  const suppressed = group.contactPoints.flatMap(({ suppression }, place) =>
    suppression ? [[String(place), suppression] as const] : [],
  );
  const preferences = group.switches.map((each) => ({ ...each, topic: topic.topic }));
  return {
    ...plainRecipient({ customerId: SOMEBODY, contactPoints, preferences, topic }),
    timeZone: group.timeZone,
    sheet: group.sheet ?? {},
    suppressed: new Map(suppressed),
    used: group.used,
  };
}

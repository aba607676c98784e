import type { Channel, Notification } from '@app/contracts';
import type { AudienceMember } from '@app/persistence';
import { defaultPolicy, plainRecipient, planDelivery } from '@app/preferences';

export interface DryRun {
  people: number;
  messages: Partial<Record<Channel, number>>;
  unreachable: number;
}

/**
 * What a service alert would do, by the very planner that will do it.
 * @param pages of the audience, one after the other; an audience may be larger than memory
 */
export async function dryRun(
  alert: {
    serviceAlertId: string;
    title: string;
    text: string;
    severity: 'info' | 'warning' | 'critical';
    topic: string;
  },
  pages: AsyncIterable<readonly AudienceMember[]>,
  now: number,
): Promise<DryRun> {
  const result: DryRun = { people: 0, messages: {}, unreachable: 0 };
  for await (const page of pages) {
    for (const member of page) {
      const recipient = plainRecipient({ ...member, topic: defaultPolicy(alert.topic) });
      const { send } = planDelivery(notificationTo(member.customerId, alert, now), recipient, now);
      result.people += 1;
      if (send.length === 0) result.unreachable += 1;
      for (const { channel } of send) result.messages[channel] = (result.messages[channel] ?? 0) + 1;
    }
  }
  return result;
}

function notificationTo(
  customerId: string,
  { topic, serviceAlertId, title, text, severity }: Parameters<typeof dryRun>[0],
  now: number,
): Notification {
  const facts = { serviceAlertId, title, text, severity };
  return {
    notificationId: '',
    customerId,
    topic,
    lane: 'bulk',
    channels: null,
    body: { kind: 'serviceAlert', facts },
    causedAt: now,
  };
}

import { CHANNELS } from '@app/contracts';
import type { Channel, Notification, NotificationKind } from '@app/contracts';
import type { StepChoice } from './choose-step';
import { defaultChannels, type Verdict } from './judge-way';
import type { KnownWay, Recipient } from './recipient';

interface Looked {
  judged: readonly { way: KnownWay; verdict: Verdict }[];
  choice: StepChoice | null;
}

/**
 * The channels on which somebody expects a message and there is nothing to send to: asked for by name, named by a step
 * that was come to, told of the firing, or all that the topic uses if nothing else goes out.
 */
export function expectedChannels(
  notification: Notification,
  recipient: Recipient,
  looked: Looked,
): Channel[] {
  const present = new Set(looked.judged.map(({ way }) => way.channel));
  const expected = new Set(expectedOf(notification, recipient, looked));
  return CHANNELS.filter((channel) => expected.has(channel) && !present.has(channel));
}

function expectedOf(
  { channels, body }: Notification,
  recipient: Recipient,
  { judged, choice }: Looked,
): readonly Channel[] {
  const { told, topic, fromStep } = recipient;
  if (body.kind === 'alertRecovered')
    return CHANNELS.filter((channel) => told?.some((key) => key.startsWith(`${channel}:`)));
  if (isToOne(body.kind) && judged.length > 0) return [];
  const ofSteps = channelsComeTo(choice);
  if (fromStep > 0) return ofSteps;
  if (channels?.length) return channels;
  const isAnyOpen = judged.some(({ verdict }) => 'open' in verdict);
  return isAnyOpen ? ofSteps : defaultChannels(topic, choice?.steps ?? null);
}

function isToOne(kind: NotificationKind): boolean {
  return kind === 'verificationCode' || kind === 'answer' || kind === 'digest';
}

function channelsComeTo(choice: StepChoice | null): Channel[] {
  if (!choice) return [];
  const { steps, from, current } = choice;
  return steps.slice(from, current === null ? steps.length : current + 1).flatMap((step) => step.channels);
}

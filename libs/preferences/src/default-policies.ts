import { TOPIC_ALERTS, TOPIC_SERVICE, TOPIC_VERIFICATION } from '@app/contracts';
import type { TopicPolicy } from '@app/contracts';

const DAY_MS = 24 * 3_600_000;

const EVERYTHING_AT_ONCE = {
  isCritical: false,
  criticalReason: '',
  channels: null,
  digest: { every: 'time' },
  steps: null,
  onAmbiguous: 'resend',
  ttlMs: DAY_MS,
} as const;

/** The topics that exist without being defined, in the order in which to show them. */
export const DEFAULT_POLICIES: readonly TopicPolicy[] = [
  {
    ...EVERYTHING_AT_ONCE,
    topic: TOPIC_ALERTS,
    title: 'Alerts from your own rules',
    description: 'What you asked to be told when it happens.',
    signedBy: '',
  },
  {
    ...EVERYTHING_AT_ONCE,
    topic: TOPIC_SERVICE,
    title: 'Service messages',
    description: 'Disturbances, planned work and other news of the services you use.',
    signedBy: '',
    onAmbiguous: 'hold',
  },
  {
    ...EVERYTHING_AT_ONCE,
    topic: TOPIC_VERIFICATION,
    title: 'Codes that prove an address is yours',
    description: 'Sent when you add an address, and to that address only.',
    signedBy: '',
    isCritical: true,
    criticalReason: 'A code goes only to the address that you just entered, at the moment you ask for it.',
    ttlMs: 600_000,
  },
];

const known = new Map(DEFAULT_POLICIES.map((policy) => [policy.topic, policy]));

/** What holds of a topic that no admin has written down. Rules may name any topic; it then is told like alerts. */
export function defaultPolicy(topic: string): TopicPolicy {
  return known.get(topic) ?? { ...EVERYTHING_AT_ONCE, topic, title: topic, description: '', signedBy: '' };
}

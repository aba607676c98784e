import { CHANNELS, type Preference, type PreferenceSheet, type TopicPolicy } from '@app/contracts';
import { defaultChannels } from '@app/preferences';

/** Every switchable topic on every channel: as the customer said, else as the topic, or their own order, has it. */
export function preferenceGrid(
  topics: readonly TopicPolicy[],
  switched: readonly Preference[],
  sheet: PreferenceSheet,
): Preference[] {
  const said = new Map(switched.map(({ topic, channel, enabled }) => [`${topic} ${channel}`, enabled]));
  return topics
    .filter((policy) => !policy.isCritical)
    .flatMap((policy) => {
      const usual = defaultChannels(policy, sheet.steps ?? policy.steps);
      return CHANNELS.map((channel) => ({
        topic: policy.topic,
        channel,
        enabled: said.get(`${policy.topic} ${channel}`) ?? usual.includes(channel),
      }));
    });
}

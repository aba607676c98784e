import { CHANNELS, type Preference } from '@app/contracts';
import { defaultTopics, type TopicWords } from '@app/preferences';

/** The topics a customer can meet: those that exist for all, those of their rules, those they once switched. */
export function knownTopics(ofRules: readonly string[], switched: readonly Preference[]): TopicWords[] {
  const own = new Set([...ofRules, ...switched.map((preference) => preference.topic)]);
  for (const { topic } of defaultTopics) own.delete(topic);
  return [...defaultTopics, ...[...own].sort().map((topic) => ({ topic, title: topic, isSwitchable: true }))];
}

/** Every switchable topic on every channel, on where the customer has not said otherwise. */
export function preferenceGrid(topics: readonly TopicWords[], switched: readonly Preference[]): Preference[] {
  const said = new Map(switched.map(({ topic, channel, enabled }) => [`${topic} ${channel}`, enabled]));
  return topics
    .filter((topic) => topic.isSwitchable)
    .flatMap(({ topic }) =>
      CHANNELS.map((channel) => ({ topic, channel, enabled: said.get(`${topic} ${channel}`) ?? true })),
    );
}

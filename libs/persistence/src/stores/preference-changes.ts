import { isDeepStrictEqual } from 'node:util';
import type { Channel, Preference, PreferenceSheet } from '@app/contracts';

/** A switch that somebody turned; null is the default of its topic. */
export interface SwitchChange {
  topic: string;
  channel: Channel;
  was: boolean | null;
  enabled: boolean | null;
}

/** What differs once `after` stands in place of `before`: nothing where they say the same. */
export function switchChanges(before: readonly Preference[], after: readonly Preference[]): SwitchChange[] {
  const named = new Map([...before, ...after].map((one) => [`${one.topic} ${one.channel}`, one]));
  return [...named.values()]
    .map(({ topic, channel }) => ({
      topic,
      channel,
      was: saidBy(before, topic, channel),
      enabled: saidBy(after, topic, channel),
    }))
    .filter(({ was, enabled }) => was !== enabled);
}

/** By field, what it was and what it is; null where a sheet says nothing. No field of a sheet holds an address. */
export function sheetChanges(
  before: PreferenceSheet,
  after: PreferenceSheet,
): Record<string, { was: unknown; is: unknown }> {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])].sort();
  const changed = fields.filter((field) => !isDeepStrictEqual(was.get(field), is.get(field)));
  return Object.fromEntries(
    changed.map((field) => [field, { was: was.get(field) ?? null, is: is.get(field) ?? null }]),
  );
}

function saidBy(preferences: readonly Preference[], topic: string, channel: Channel): boolean | null {
  return preferences.find((one) => one.topic === topic && one.channel === channel)?.enabled ?? null;
}

/** As the table keeps them: without what is undefined, and of no class. */
function fieldsOf(sheet: PreferenceSheet): Map<string, unknown> {
  return new Map(Object.entries(JSON.parse(JSON.stringify(sheet)) as PreferenceSheet));
}

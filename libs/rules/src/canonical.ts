/** JSON with its keys in order: equal things make equal text, however they were written or stored. */
export function canonical(thing: unknown): string {
  if (Array.isArray(thing)) return `[${thing.map(canonical).join(',')}]`;
  if (typeof thing !== 'object' || thing === null) return JSON.stringify(thing);
  const entries = Object.entries(thing)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** A duration exactly as it was set: "5 minutes", "1 hour 30 minutes", "1 second 250 ms". */
export function durationWords(ms: number): string {
  let rest = ms;
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest} ms`);
  return parts.join(' ');
}

/** As it follows "every", "the last", "per": "hour" instead of "1 hour". */
export function eachWords(ms: number): string {
  return durationWords(ms).replace(/^1 (\w+)$/, '$1');
}

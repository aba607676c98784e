const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/**
 * The pause before the next try: 100 ms, doubled each time, 10 s at most, a fifth of it left to chance so that
 * partitions which failed together do not come back together.
 * @param failures in a row so far, at least 1
 */
export function backOffMs(failures: number): number {
  const pause = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return pause * (0.8 + 0.2 * Math.random());
}

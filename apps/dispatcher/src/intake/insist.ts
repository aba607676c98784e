import { setTimeout as delay } from 'node:timers/promises';
import { Fenced } from '../pipeline/commit-batch';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/**
 * Repeats work on the store until it succeeds: while Postgres is away, a batch waits instead of being lost, and
 * the partition's state in memory stays true. Ends early only when the partition is lost or taken away.
 * @param work is told whether it is being repeated: an earlier commit may have succeeded unheard
 */
export async function insist(
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
  work: (again: boolean) => Promise<void>,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work(tries > 0);
    } catch (error) {
      if (error instanceof Fenced || signal.aborted) throw error;
      onTrouble(error);
      const wait = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
      await delay(wait, undefined, { signal, ref: false });
    }
  }
}

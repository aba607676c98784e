import { setTimeout as delay } from 'node:timers/promises';

/** Some five minutes: a store that is away longer is met by the lease's end instead. */
const TRIES = 310;
const TRIES_AT_THE_END = 12;
const LONGEST_WAIT_MS = 1_000;

/**
 * What a provider said is worth more than a lease: it is offered to the store until the store takes it.
 * @param isEnding whether this process is stopping: then a store that is away is not waited for as long
 * @throws what the store threw last
 */
export async function untilRecorded(
  record: () => Promise<unknown>,
  isEnding: () => boolean,
  onTrouble: (error: unknown) => void = () => undefined,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await record();
      return;
    } catch (error) {
      if (tries >= (isEnding() ? TRIES_AT_THE_END : TRIES)) throw error;
      if (tries === 1) onTrouble(error);
      await delay(Math.min(50 * 2 ** tries, LONGEST_WAIT_MS));
    }
  }
}

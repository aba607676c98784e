import type { DigestStore, StepStore } from '@app/persistence';
import { Wakeable } from '../wakeable';
import { tellDigest } from './tell-digest';

/** Digests of one transaction: all that close at eight in the morning are told in some ten milliseconds a page. */
const DIGESTS = 200;
const STEPS = 500;

interface DueWorkParts {
  digests: DigestStore;
  steps: StepStore;
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/**
 * What the clock makes of plans: digests that close become notifications, and where a step has not reached anybody the
 * next one is planned. Any number of dispatchers may be at it; rows that one has are left alone by the others.
 */
export class DueWork {
  private readonly wakeables: Wakeable[];

  constructor({ digests, steps, now, onTrouble }: DueWorkParts) {
    const closeDigests = async (): Promise<boolean> => {
      const closed = await digests.closeDue(now(), DIGESTS, (all) => all.map(tellDigest));
      return closed === DIGESTS;
    };
    const advanceSteps = async (): Promise<boolean> => {
      const { met, advanced } = await steps.advance(now(), STEPS);
      return met + advanced >= STEPS;
    };
    this.wakeables = [
      new Wakeable(closeDigests, (error) => onTrouble('closing digests failed', error)),
      new Wakeable(advanceSteps, (error) => onTrouble('going on to the next step failed', error)),
    ];
  }

  /** Looks at what is due; meant to be called every second. */
  wake(): void {
    for (const wakeable of this.wakeables) wakeable.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.wakeables.map((wakeable) => wakeable.stop()));
  }
}

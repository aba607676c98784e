import { toScaled } from '@app/contracts';
import type { TermsProblem } from '@app/rules';
import { readDuration } from '../http/duration';

/**
 * What is found to be wrong while a wish is read. Reading goes on with NaN in place of what cannot be read, so that
 * everything wrong is told at once; of one field only the first finding counts.
 */
export class Findings {
  private readonly found = new Map<string, TermsProblem>();

  get all(): TermsProblem[] {
    return [...this.found.values()];
  }

  add(...problems: readonly TermsProblem[]): void {
    for (const problem of problems)
      if (!this.found.has(problem.field)) this.found.set(problem.field, problem);
  }

  missing(field: string, wouldBeRight: string): number {
    this.add({ field, problem: 'is missing', wouldBeRight });
    return Number.NaN;
  }

  /** @returns the scaled integer; null where nothing was given, NaN where it cannot be read */
  amount(field: string, given: string | number | null | undefined, scale: number): number | null {
    if (given === undefined || given === null) return null;
    const scaled = toScaled(given, scale);
    if (scaled.ok) return scaled.value;
    const wouldBeRight = `an amount with at most ${scale} decimals, as text if it is large`;
    this.add({ field, problem: scaled.detail, wouldBeRight });
    return Number.NaN;
  }

  /** @returns ms; null where nothing was given */
  duration(given: string | null | undefined): number | null {
    return given === undefined || given === null ? null : readDuration(given);
  }
}

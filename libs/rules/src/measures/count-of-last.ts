import type { UnknownReason } from '../instance';
import type { Test } from '../measure';
import type { Cuts } from '../plain/cuts';
import { BitRing } from './bit-ring';
import type { SeriesMeasure } from './series-measure';
import { passes, testOf } from './test-of';

export interface SavedCountOfLast {
  seen: number;
  held: number;
  words: number[];
}

/** How many of the last so many events pass; time means nothing to it. About 270 bytes for up to 32. */
export class CountOfLast implements SeriesMeasure {
  readonly dueAt = Number.POSITIVE_INFINITY;
  private readonly test: Cuts;
  private readonly ring: BitRing;
  private seen: number;

  constructor(
    where: Test,
    last: number,
    private readonly decidesEarly: boolean,
    saved: SavedCountOfLast | null,
  ) {
    this.test = testOf(where);
    this.ring = new BitRing(last, saved?.held, saved?.words);
    this.seen = saved?.seen ?? 0;
  }

  get code(): number {
    return this.isKnown ? this.ring.held : Number.NaN;
  }

  get reason(): UnknownReason | null {
    return this.isKnown ? null : 'warmingUp';
  }

  take(value: number): void {
    this.ring.set(this.seen, passes(this.test, value));
    this.seen += 1;
  }

  takeLate(): void {
    // Not one of the last: it would have to push out another.
  }

  advance(): void {
    // The last events stay the last however long ago they were.
  }

  save(): SavedCountOfLast {
    return { seen: this.seen, held: this.ring.held, words: this.ring.save() };
  }

  private get isKnown(): boolean {
    return this.seen >= (this.decidesEarly ? 1 : this.ring.size);
  }
}

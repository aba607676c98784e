import type { UnknownReason } from '../instance';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';

/** The latest value itself. About 75 bytes. */
export class LatestValue implements SeriesMeasure {
  readonly dueAt = Number.POSITIVE_INFINITY;
  /** NaN before the first event. */
  code: number;

  constructor(saved: SavedNumber) {
    this.code = fromSaved(saved, Number.NaN);
  }

  get reason(): UnknownReason | null {
    return Number.isNaN(this.code) ? 'warmingUp' : null;
  }

  take(value: number): void {
    this.code = value;
  }

  takeLate(): void {
    // Older than the latest.
  }

  advance(): void {
    // The latest value stays the latest; that it is too old is for the condition to say.
  }

  save(): SavedNumber {
    return toSaved(this.code);
  }
}

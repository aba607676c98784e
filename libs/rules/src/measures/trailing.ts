import type { UnknownReason } from '../instance';
import type { ChangeUnit } from '../measure';
import { codeOfChange, codeOfShare } from './difference';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';

export interface SavedTrailing {
  latest: SavedNumber;
  extreme: SavedNumber;
}

/**
 * How far the latest value lies below the highest, or above the lowest, since the measure was opened: one for each
 * instance, whose arming tells it the last value known. About 120 bytes.
 */
export class Trailing implements SeriesMeasure {
  readonly dueAt = Number.POSITIVE_INFINITY;
  private latest: number;
  private extreme: number;

  constructor(
    private readonly from: 'high' | 'low',
    private readonly unit: ChangeUnit,
    saved: SavedTrailing | null,
  ) {
    this.latest = fromSaved(saved?.latest, Number.NaN);
    this.extreme = fromSaved(saved?.extreme, Number.NaN);
  }

  get code(): number {
    const { latest, extreme } = this;
    const [larger, smaller] = this.from === 'high' ? [extreme, latest] : [latest, extreme];
    if (this.unit === 'amount') return codeOfChange('amount', larger, smaller);
    return codeOfShare(larger, smaller, extreme);
  }

  get reason(): UnknownReason | null {
    if (!Number.isNaN(this.code)) return null;
    return Number.isNaN(this.latest) ? 'warmingUp' : 'undefined';
  }

  take(value: number): void {
    this.latest = value;
    const isFurther = this.from === 'high' ? value > this.extreme : value < this.extreme;
    if (isFurther || Number.isNaN(this.extreme)) this.extreme = value;
  }

  takeLate(): void {
    // An extreme that came late was never there to fall from.
  }

  advance(): void {
    // An extreme does not age.
  }

  save(): SavedTrailing {
    return { latest: toSaved(this.latest), extreme: toSaved(this.extreme) };
  }
}

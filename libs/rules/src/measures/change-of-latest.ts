import type { Calendar } from '@app/wall-time';
import type { UnknownReason } from '../instance';
import type { ChangeUnit } from '../measure';
import { codeOfChange, whyNoChange } from './difference';
import type { SavedNumber } from './saved-number';
import { fromSaved, toSaved } from './saved-number';
import type { SeriesMeasure } from './series-measure';

export interface SavedChange {
  latest: SavedNumber;
  reference: SavedNumber;
}

/** The latest value minus the one before it. About 110 bytes. */
export class ChangeFromPrevious implements SeriesMeasure {
  readonly dueAt = Number.POSITIVE_INFINITY;
  private latest: number;
  private previous: number;

  constructor(
    private readonly unit: ChangeUnit,
    saved: SavedChange | null,
  ) {
    this.latest = fromSaved(saved?.latest, Number.NaN);
    this.previous = fromSaved(saved?.reference, Number.NaN);
  }

  get code(): number {
    return codeOfChange(this.unit, this.latest, this.previous);
  }

  get reason(): UnknownReason | null {
    return Number.isNaN(this.code) ? whyNoChange(this.latest, this.previous) : null;
  }

  take(value: number): void {
    this.previous = this.latest;
    this.latest = value;
  }

  takeLate(): void {
    // What comes late was neither the latest value nor the one before it.
  }

  advance(): void {
    // The previous value stays the previous one.
  }

  save(): SavedChange {
    return { latest: toSaved(this.latest), reference: toSaved(this.previous) };
  }
}

export interface SavedDayChange extends SavedChange {
  start: SavedNumber;
}

/** The latest value minus the first one of the current day; warming up until the day has one. About 140 bytes. */
export class ChangeSinceDayOpen implements SeriesMeasure {
  private latest: number;
  private open: number;
  private start: number;
  private end: number;

  constructor(
    private readonly unit: ChangeUnit,
    private readonly days: Calendar,
    saved: SavedDayChange | null,
  ) {
    this.latest = fromSaved(saved?.latest, Number.NaN);
    this.open = fromSaved(saved?.reference, Number.NaN);
    this.start = fromSaved(saved?.start, Number.NEGATIVE_INFINITY);
    this.end = Number.isFinite(this.start) ? days.spanOf(this.start).end : this.start;
  }

  get code(): number {
    return codeOfChange(this.unit, this.latest, this.open);
  }

  get reason(): UnknownReason | null {
    return Number.isNaN(this.code) ? whyNoChange(this.latest, this.open) : null;
  }

  get dueAt(): number {
    return Number.isNaN(this.open) ? Number.POSITIVE_INFINITY : this.end;
  }

  take(value: number, at: number): void {
    this.advance(at);
    this.latest = value;
    if (at >= this.start && Number.isNaN(this.open)) this.open = value;
  }

  takeLate(): void {
    // The day's first value is the first that was the latest: it does not change under an open alert.
  }

  advance(t: number): void {
    if (t < this.end) return;
    const day = this.days.spanOf(t);
    this.start = day.start;
    this.end = day.end;
    this.open = Number.NaN;
  }

  save(): SavedDayChange {
    return { latest: toSaved(this.latest), reference: toSaved(this.open), start: toSaved(this.start) };
  }
}

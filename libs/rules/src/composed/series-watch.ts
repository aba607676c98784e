import type { ComposedInstance } from './composed-instance';
import type { EventClock } from './event-clock';
import type { Line } from './line';
import type { SeenIds } from './seen-ids';

/** A series that composed instances look at. */
export class SeriesWatch {
  readonly clocks: EventClock[] = [];
  readonly lines: Line[] = [];
  /** The same by clock and key: what trails has a line for each of its rules, too many to search. */
  readonly lineOf = new Map<string, Line>();
  /** Only where a line is more than the latest value. */
  seen: SeenIds | null = null;
  seenIsDirty = false;
  /** Instances that wait for an event of this series to end a silence, or an age; null: none. */
  waiting: Set<ComposedInstance> | null = null;

  constructor(
    readonly series: number,
    readonly allowedLatenessMs: number,
  ) {}

  await(instance: ComposedInstance): void {
    this.waiting ??= new Set();
    this.waiting.add(instance);
  }
}

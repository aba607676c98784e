import type { ChangeSink, InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import type { SeriesTable } from '../plain/series-table';
import type { SavedMeasure } from './saved-measure';

/** An event as rules look at it; (source, id) names it among its repetitions. */
export interface TakenEvent {
  source: string;
  id: string;
  value: number;
  at: number;
}

/** All composed rule instances of one partition. */
export class ComposedMatcher {
  clock = Number.NEGATIVE_INFINITY;
  readonly nextDueClock: number = Number.POSITIVE_INFINITY;
  readonly size: number = 0;
  readonly needsCheckpoint: boolean = false;

  constructor(
    readonly series: SeriesTable,
    readonly seriesOf: (metric: string, subject: string) => number,
  ) {}

  watches(_series: number): boolean {
    return false;
  }

  has(_instanceId: number): boolean {
    return false;
  }

  arm(_definition: InstanceDefinition, _persisted: InstanceState | null, _out: ChangeSink): InstanceChange {
    throw new Error('composed rules are not evaluated yet');
  }

  resume(_definition: InstanceDefinition, _persisted: InstanceState): void {}

  disarm(_instanceId: number): InstanceState | null {
    return null;
  }

  advanceClock(_clock: number, _out: ChangeSink): void {}

  resumedAt(_clock: number): void {}

  replayClock(_clock: number): void {}

  restoreMeasure(_saved: SavedMeasure): void {}

  drainMeasures(): SavedMeasure[] {
    return [];
  }
}

import type { SeriesTable } from '../plain/series-table';
import type { Line } from './line';
import type { SavedMeasure } from './saved-measure';
import { SeenIds } from './seen-ids';
import type { SeriesWatch } from './series-watch';

/** Key of the ids that a series has seen, beside the keys of its measures. */
const SEEN = 'seen';

/** What is to be written of measures at the next checkpoint, and what the last one has brought back. */
export class MeasureShelf {
  /** Something has happened since the last drain that no replay could find out. */
  isUrgent = false;
  private readonly restored = new Map<string, SavedMeasure>();
  private dirtyLines: Line[] = [];
  private dirtySeen: SeriesWatch[] = [];
  private readonly closed = new Map<string, SavedMeasure>();

  constructor(private readonly series: SeriesTable) {}

  restore(saved: SavedMeasure): void {
    this.restored.set(placeOf(saved), saved);
  }

  /** What the checkpoint holds of a measure; null if it holds nothing. */
  claim(series: number, key: string): SavedLine | null {
    return this.take(series, key) as SavedLine | null;
  }

  claimSeen(series: number): SeenIds {
    return new SeenIds(this.take(series, SEEN));
  }

  private take(series: number, key: string): unknown {
    const place = placeOf(this.nameOf(series, key));
    this.closed.delete(place);
    const saved = this.restored.get(place);
    this.restored.delete(place);
    return saved?.state ?? null;
  }

  /** What nobody has claimed by now is of rules that have gone. */
  dropUnclaimed(): void {
    for (const [place, saved] of this.restored) this.closed.set(place, { ...saved, state: null });
    this.restored.clear();
  }

  markLine(line: Line): void {
    if (line.dirty) return;
    line.dirty = true;
    this.dirtyLines.push(line);
  }

  markSeen(watch: SeriesWatch): void {
    if (watch.seenIsDirty) return;
    watch.seenIsDirty = true;
    this.dirtySeen.push(watch);
  }

  closeLine(line: Line): void {
    if (line.tracked) this.close(line.series, line.key);
  }

  /** Without the ids a replay would take what came twice for news, and its time for that of the series. */
  closeSeen(watch: SeriesWatch): void {
    watch.seen = null;
    this.isUrgent = true;
    this.close(watch.series, SEEN);
  }

  drain(): SavedMeasure[] {
    const lines = this.dirtyLines.filter(({ users }) => users > 0);
    const seen = this.dirtySeen.filter((watch) => watch.seen !== null);
    const drained = [
      ...this.closed.values(),
      ...lines.map((line) => ({ ...this.nameOf(line.series, line.key), state: savedLine(line) })),
      ...seen.map((watch) => ({ ...this.nameOf(watch.series, SEEN), state: watch.seen!.save() })),
    ];
    for (const line of this.dirtyLines) line.dirty = false;
    for (const watch of this.dirtySeen) watch.seenIsDirty = false;
    this.dirtyLines = [];
    this.dirtySeen = [];
    this.closed.clear();
    this.isUrgent = false;
    return drained;
  }

  private close(series: number, key: string): void {
    const name = this.nameOf(series, key);
    this.closed.set(placeOf(name), { ...name, state: null });
  }

  private nameOf(series: number, key: string): Omit<SavedMeasure, 'state'> {
    return { metric: this.series.metricOf(series), subject: this.series.subjectOf(series), key };
  }
}

/** What is kept of a line. */
export interface SavedLine {
  begun: boolean;
  /** As of when the lines of its clock were read; null: never. */
  now: number | null;
  gathered: unknown;
}

export function savedLine({ begun, tracked, clock }: Line): SavedLine {
  return { begun, now: Number.isFinite(clock.now) ? clock.now : null, gathered: tracked!.save() };
}

function placeOf({ metric, subject, key }: Omit<SavedMeasure, 'state'>): string {
  return `${metric}\n${subject}\n${key}`;
}

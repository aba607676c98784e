import { grown, nextLength } from '../plain/grown';
import type { HistoryChunk, HistoryPoint } from './history-point';
import { encodePoints } from './point-codec';

/** Four columns of a point; a million of them take 28 MB. */
const FIRST_ROOM = 1_024;
const FULL = 500_000;

/**
 * What a worker has taken since its last checkpoint, in the order of the log. It is written with the checkpoint, in
 * one transaction with the offset: after a crash the log is read again from there, and nothing is kept twice.
 */
export class HistoryBuffer {
  private series = new Uint32Array(FIRST_ROOM);
  private values = new Float64Array(FIRST_ROOM);
  private ats = new Float64Array(FIRST_ROOM);
  private clocks = new Float64Array(FIRST_ROOM);
  private length = 0;
  private clock = Number.NEGATIVE_INFINITY;

  /** Points since the last drain. */
  get size(): number {
    return this.length;
  }

  /** True where it is time for a checkpoint, lest the buffer takes more memory than the rules. */
  get isFull(): boolean {
    return this.length >= FULL;
  }

  /**
   * Four stores; called for every event.
   * @param series the matcher's number
   * @param value scaled integer
   * @param at event time, epoch ms
   * @param clock of the log when the event was taken, epoch ms; one that goes back counts as standing still
   */
  add(series: number, value: number, at: number, clock: number): void {
    if (this.length === this.series.length) this.grow();
    const next = this.length;
    this.series[next] = series;
    this.values[next] = value;
    this.ats[next] = at;
    if (clock > this.clock) this.clock = clock;
    this.clocks[next] = this.clock;
    this.length = next + 1;
  }

  /** One chunk for each series that had an event, in the order of the first; the buffer is empty then. */
  drain(): Map<number, HistoryChunk> {
    const ofSeries = new Map<number, HistoryPoint[]>();
    for (let i = 0; i < this.length; i += 1) {
      const point = { value: this.values[i]!, at: this.ats[i]!, clock: this.clocks[i]! };
      const points = ofSeries.get(this.series[i]!);
      if (points) points.push(point);
      else ofSeries.set(this.series[i]!, [point]);
    }
    this.length = 0;
    return new Map([...ofSeries].map(([series, points]) => [series, chunkOf(points)]));
  }

  private grow(): void {
    const room = nextLength(this.series.length);
    this.series = grown(this.series, room);
    this.values = grown(this.values, room);
    this.ats = grown(this.ats, room);
    this.clocks = grown(this.clocks, room);
  }
}

/** @param points at least one */
export function chunkOf(points: readonly HistoryPoint[]): HistoryChunk {
  const fromAt = points[0]?.clock ?? 0;
  const toAt = points.at(-1)?.clock ?? fromAt;
  return { fromAt, toAt, count: points.length, points: encodePoints(points) };
}

import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import type { Grain, HistoryPoint } from './history-point';

/** Beyond this a difference of two safe integers may not be one itself: a new segment begins with whole numbers. */
const FARTHEST = Number.MAX_SAFE_INTEGER;

const NOWHERE: HistoryPoint = { value: 0, at: 0, clock: 0 };

/**
 * Writes points as segments: a grain, a count, the first point whole, then of each point the change of its step in
 * time, the step of its value and the step of its lag behind the log's clock. An event a minute takes four bytes.
 * Segments stand alone, so encoded points may simply be appended to each other.
 */
export function encodePoints(points: readonly HistoryPoint[], grain: Grain = 0): Uint8Array {
  const writer = new ByteWriter();
  for (let from = 0; from < points.length;) {
    const to = segmentEnd(points, from);
    writer.byte(grain);
    writer.natural(to - from);
    writeSegment(writer, points, from, to);
    from = to;
  }
  return writer.take();
}

/** @throws Error if the bytes are not what `encodePoints` wrote */
export function decodePoints(bytes: Uint8Array, into: HistoryPoint[] = []): HistoryPoint[] {
  const reader = new ByteReader(bytes);
  while (!reader.isAtEnd) {
    reader.byte();
    const count = reader.natural();
    let { value, at, clock } = NOWHERE;
    let step = 0;
    for (let i = 0; i < count; i += 1) {
      // The first two times are whole and a step; from then on only the step's change is written.
      const lag = clock - at;
      step = i < 2 ? reader.integer() : step + reader.integer();
      at += step;
      value += reader.integer();
      clock = at + (i === 0 ? 0 : lag) + reader.integer();
      into.push({ value, at, clock });
    }
  }
  return into;
}

/** The coarsest grain of encoded points is that of their first segment: thinning writes whole days anew. */
export function grainOf(bytes: Uint8Array): number {
  return bytes[0] ?? 0;
}

function writeSegment(writer: ByteWriter, points: readonly HistoryPoint[], from: number, to: number): void {
  let last = NOWHERE;
  let step = 0;
  for (let i = from; i < to; i += 1) {
    const point = points[i]!;
    const next = point.at - last.at;
    writer.integer(i - from < 2 ? next : next - step);
    writer.integer(point.value - last.value);
    writer.integer(point.clock - point.at - (last.clock - last.at));
    step = next;
    last = point;
  }
}

function segmentEnd(points: readonly HistoryPoint[], from: number): number {
  let to = from + 1;
  while (to < points.length && Math.abs(points[to]!.value - points[to - 1]!.value) <= FARTHEST) to += 1;
  return to;
}

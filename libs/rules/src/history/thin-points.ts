import { GRAINS, type Grain, type HistoryPoint } from './history-point';

/**
 * Keeps of each bucket of event time the first, the last, the lowest and the highest point, in their order: levels
 * and extremes stay true, counts and sums do not.
 * @param points in the order of the log
 */
export function thinPoints(points: readonly HistoryPoint[], grain: Grain): HistoryPoint[] {
  const width = GRAINS[grain];
  if (width === 0) return [...points];
  const kept = new Uint8Array(points.length);
  const buckets = new Map<number, Bucket>();
  points.forEach((point, index) => {
    const number = Math.floor(point.at / width);
    const bucket = buckets.get(number);
    if (bucket) widen(bucket, points, index);
    else buckets.set(number, { first: index, last: index, lowest: index, highest: index });
  });
  for (const { first, last, lowest, highest } of buckets.values()) {
    for (const index of [first, last, lowest, highest]) kept[index] = 1;
  }
  return points.filter((_, index) => kept[index] === 1);
}

/** Positions of the points that a bucket keeps. */
interface Bucket {
  first: number;
  last: number;
  lowest: number;
  highest: number;
}

function widen(bucket: Bucket, points: readonly HistoryPoint[], index: number): void {
  const { value } = points[index]!;
  bucket.last = index;
  if (value < points[bucket.lowest]!.value) bucket.lowest = index;
  if (value > points[bucket.highest]!.value) bucket.highest = index;
}

import type { Grain, HistoryChunk, HistoryPoint } from './history-point';
import { decodePoints, encodePoints } from './point-codec';
import { thinPoints } from './thin-points';

/**
 * Makes one chunk of several that follow each other, with no more detail than the grain leaves.
 * @param chunks encoded points in order, at least one point in all
 */
export function combineChunks(chunks: readonly Uint8Array[], grain: Grain): HistoryChunk {
  const all: HistoryPoint[] = [];
  for (const chunk of chunks) decodePoints(chunk, all);
  const points = thinPoints(all, grain);
  const fromAt = all[0]?.clock ?? 0;
  return {
    fromAt,
    toAt: all.at(-1)?.clock ?? fromAt,
    count: points.length,
    points: encodePoints(points, grain),
  };
}

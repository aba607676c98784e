import { grainOf, decodePoints } from './point-codec';
import { GRAINS, type HistoryPoint } from './history-point';

/** What was kept of some series. */
export interface Past {
  series: { metric: string; points: HistoryPoint[] }[];
  /** Of the coarsest part, ms; 0 where all detail is there. */
  coarsestMs: number;
}

/**
 * Reads the chunks of one subject's series.
 * @param lengthMs how far back from the latest event, by event time: a past that was played in afterwards is one too
 */
export function readPast(
  kept: readonly { metric: string; chunks: readonly Uint8Array[] }[],
  lengthMs: number,
): Past {
  let coarsestMs = 0;
  const series = kept.map(({ metric, chunks }) => {
    const points: HistoryPoint[] = [];
    for (const chunk of chunks) {
      coarsestMs = Math.max(coarsestMs, GRAINS[grainOf(chunk) as 0 | 1 | 2]);
      decodePoints(chunk, points);
    }
    return { metric, points };
  });
  const since = latestOf(series) - lengthMs;
  return {
    series: series.map(({ metric, points }) => ({ metric, points: points.filter(({ at }) => at > since) })),
    coarsestMs,
  };
}

function latestOf(series: Past['series']): number {
  let latest = 0;
  for (const { points } of series) for (const { at } of points) if (at > latest) latest = at;
  return latest;
}

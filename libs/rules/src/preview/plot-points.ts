import type { HistoryPoint } from '../history/history-point';

export interface PlotPoint {
  at: number;
  value: number;
}

/**
 * At most `most` points that show what all of them would: of each stretch of time the lowest and the highest, in
 * their order, so that no peak is lost.
 * @param points those that moved the series, in order of time
 */
export function plotPoints(points: readonly HistoryPoint[], most: number): PlotPoint[] {
  const shown = points.length <= most ? points : extremesOf(points, Math.floor(most / 2));
  return shown.map(({ at, value }) => ({ at, value }));
}

function extremesOf(points: readonly HistoryPoint[], stretches: number): HistoryPoint[] {
  const from = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? 0) - from + 1) / stretches;
  const shown: HistoryPoint[] = [];
  let stretch = -1;
  let [low, high] = [0, 0];
  const show = (): void => {
    if (stretch < 0) return;
    const both = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    for (const index of both) shown.push(points[index]!);
  };
  points.forEach(({ at, value }, index) => {
    const here = Math.floor((at - from) / width);
    if (here !== stretch) {
      show();
      [stretch, low, high] = [here, index, index];
    } else if (value < points[low]!.value) low = index;
    else if (value > points[high]!.value) high = index;
  });
  show();
  return shown;
}

/**
 * By how much a counter has grown since its previous value; what lies below that was counted from 0 again.
 * @param previous NaN for the first value of a series, which has grown from nowhere unless counting began at 0
 */
export function growthOf(value: number, previous: number, startsAtZero: boolean): number {
  if (Number.isNaN(previous)) return startsAtZero ? value : 0;
  return value < previous ? value : value - previous;
}

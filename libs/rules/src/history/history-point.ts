/** One event as the matcher took it; a series' points stand in the order of the log, late ones among them. */
export interface HistoryPoint {
  /** Scaled integer. */
  value: number;
  /** Event time, epoch ms. */
  at: number;
  /** Log clock when it was taken, epoch ms. */
  clock: number;
}

/** Points of one series that follow each other. */
export interface HistoryChunk {
  /** Log clocks of the first and the last point. */
  fromAt: number;
  toAt: number;
  count: number;
  /** See `encodePoints`. */
  points: Uint8Array;
}

/** How much of the detail is left: all of it, or what matters of each 5 or 15 minutes. */
export const GRAINS = [0, 300_000, 900_000] as const;
export type Grain = 0 | 1 | 2;

/** What one fault run found, as one line of JSON. */
export interface FaultLine {
  fault: string;
  /** Which of the roads or kinds it was, where there are several. */
  case?: string;
  runs: number;
  seed: number;
  expected: number;
  lost: number;
  doubled: number;
  ambiguous: number;
  unmarkedDoubles: number;
  seconds: number;
}

export interface FaultOptions {
  runs: number;
  seed: number;
  /** Of `crash`: which event logs; both if nothing is said. */
  logs: readonly ('postgres' | 'kafka')[];
}

/** Mulberry32: small, and the same everywhere for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

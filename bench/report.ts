/** One measured figure, printed as one JSON object a line. */
export interface BenchLine {
  bench: string;
  case: string;
  unit: string;
  ours: number;
  /** What it is compared with, measured in the same run; left out where there is no peer. */
  against?: string;
  theirs?: number;
  /** How good ours is: above 1 is better than the peer, for times and bytes too. */
  ratio?: number;
  /** For `ratio` if there is a peer, otherwise for `ours`. */
  goal: number;
  reached: boolean;
  better: 'higher' | 'lower';
}

export type Report = (line: BenchLine) => void;

/** A named measurement of `npm run bench`. */
export interface Bench {
  name: string;
  run(report: Report): Promise<void>;
}

type Measured = Omit<BenchLine, 'ratio' | 'reached'>;

/** Adds to a measurement what follows from it. */
export function judged(measured: Measured): BenchLine {
  const { ours, theirs, better, goal } = measured;
  if (theirs === undefined) {
    return { ...measured, ours: rounded(ours), reached: better === 'higher' ? ours >= goal : ours <= goal };
  }
  const ratio = better === 'higher' ? ours / theirs : theirs / ours;
  return {
    ...measured,
    ours: rounded(ours),
    theirs: rounded(theirs),
    ratio: rounded(ratio),
    reached: ratio >= goal,
  };
}

/** Three figures say what a run on a shared machine can know. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const WINDOW_MS = 60_000;
const SLICES = 12;
const SLICE_MS = WINDOW_MS / SLICES;

/** More faults than this in a minute, whatever the traffic (GOV.UK Notify); or half of at least ten calls. */
const MANY_FAULTS = 50;
const FEWEST_CALLS = 10;
const LARGE_SHARE = 0.5;

/** Calls and faults of the last minute, in slices of five seconds. */
export class FaultWindow {
  private readonly calls = new Float64Array(SLICES);
  private readonly faults = new Float64Array(SLICES);
  private latest = 0;

  /** @param now epoch ms; a clock that goes back counts in the newest slice */
  add(now: number, isFault: boolean): void {
    const slot = this.moveTo(now) % SLICES;
    this.calls[slot] = (this.calls[slot] ?? 0) + 1;
    if (isFault) this.faults[slot] = (this.faults[slot] ?? 0) + 1;
  }

  ratio(now: number): number {
    this.moveTo(now);
    const calls = sum(this.calls);
    return calls === 0 ? 0 : sum(this.faults) / calls;
  }

  ails(now: number): boolean {
    this.moveTo(now);
    const [calls, faults] = [sum(this.calls), sum(this.faults)];
    return faults > MANY_FAULTS || (calls >= FEWEST_CALLS && faults / calls >= LARGE_SHARE);
  }

  private moveTo(now: number): number {
    const slice = Math.floor(now / SLICE_MS);
    const steps = Math.min(slice - this.latest, SLICES);
    for (let step = 1; step <= steps; step += 1) {
      this.calls[(this.latest + step) % SLICES] = 0;
      this.faults[(this.latest + step) % SLICES] = 0;
    }
    if (steps === SLICES) {
      this.calls.fill(0);
      this.faults.fill(0);
    }
    this.latest = Math.max(this.latest, slice);
    return this.latest;
  }
}

function sum(slices: Float64Array): number {
  return slices.reduce((total, count) => total + count, 0);
}

/**
 * Damping after Nagios and Kapacitor: of the last 21 looks at the state, how many differ from the one before?
 * More than half: it flaps; fewer than a quarter: no longer; between: as before. All changes weigh the same here.
 * Those two look at fixed intervals. Here a look is every change and, in between, every five minutes (Nagios's own
 * interval) in which nothing changed, so that a change an hour is never flapping, and one every four minutes is.
 */
export interface FlapHistory {
  /** One bit for each of the last 20 steps, the newest lowest: 1 where the state changed. */
  steps: number;
  /** Five-minute slot of the last look. */
  slot: number;
}

export const LOOK_MS = 300_000;
const STEPS = 20;
const ALL_STEPS = 2 ** STEPS - 1;
const BEGINS_ABOVE = STEPS / 2;
const ENDS_BELOW = STEPS / 4;

/** The history after a change at `at` (epoch ms); a time before the last look counts as that look's. */
export function afterChange(history: FlapHistory | null, at: number): FlapHistory {
  const slot = Math.floor(at / LOOK_MS);
  if (!history) return { steps: 1, slot };
  const idle = Math.max(0, slot - history.slot - 1);
  return { steps: step(idleFor(history.steps, idle), true), slot: Math.max(slot, history.slot) };
}

/** The steps after one more look. */
export function step(steps: number, changed: boolean): number {
  return ((steps << 1) & ALL_STEPS) | (changed ? 1 : 0);
}

/** @param was whether it flapped before this look */
export function isFlapping(steps: number, was: boolean): boolean {
  const changes = changesIn(steps);
  return was ? changes >= ENDS_BELOW : changes > BEGINS_ABOVE;
}

/** When flapping ends if nothing changes any more, epoch ms. */
export function calmAt({ steps, slot }: FlapHistory): number {
  let idle = 0;
  while (isFlapping(idleFor(steps, idle), true)) idle += 1;
  return (slot + 1 + idle) * LOOK_MS;
}

function idleFor(steps: number, looks: number): number {
  return looks >= STEPS ? 0 : (steps << looks) & ALL_STEPS;
}

function changesIn(steps: number): number {
  let changes = 0;
  for (let rest = steps; rest !== 0; rest &= rest - 1) changes += 1;
  return changes;
}

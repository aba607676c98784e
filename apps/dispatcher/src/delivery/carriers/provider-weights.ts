import { FLOOR } from './choose-carrier';

/** One carrier's share of its channel, as it is stored. */
export interface ProviderWeight {
  provider: string;
  /** 0 to 100; of all carriers of a channel 100. */
  weight: number;
  /** A person's choice, which this arithmetic leaves alone. */
  pinned: number | null;
  /** Epoch ms. */
  changedAt: number;
}

/** Points that move at once, as GOV.UK Notify moves them. */
const STEP = 10;

/** Flapping is the real trouble of such schemes, so that no two changes may be closer together than this. */
export const COOL_DOWNS_MS = { faults: 60_000, slow: 5 * 60_000, recovery: 15 * 60_000 };

/** Equal shares of 100; the first ones get what is over. */
export function restingWeights(providers: readonly string[]): Map<string, number> {
  const share = Math.floor(100 / providers.length);
  const over = 100 - share * providers.length;
  return new Map(providers.map((provider, place) => [provider, share + (place < over ? 1 : 0)]));
}

/**
 * Takes points from one carrier that ails and gives them to the healthy others, in proportion to their weights.
 * @param ailing all that ail now; only one of them pays, and none of them gets anything
 * @returns the new weights of those that change; empty where there is nobody to give to, nothing left to take, or a
 *   change within the cool-down
 */
export function lowered(
  weights: readonly ProviderWeight[],
  payer: string,
  circumstances: { ailing: ReadonlySet<string>; coolDownMs: number; now: number },
): Map<string, number> {
  const { ailing, coolDownMs, now } = circumstances;
  const free = weights.filter((one) => one.pinned === null);
  const paying = free.find((one) => one.provider === payer);
  const healthy = free.filter((one) => one.provider !== payer && !ailing.has(one.provider));
  if (!paying || healthy.length === 0 || isTooSoon(weights, coolDownMs, now)) return new Map();
  const taken = Math.min(STEP, paying.weight - FLOOR);
  if (taken <= 0) return new Map();
  const given = spread(
    taken,
    healthy.map((one) => one.weight),
  );
  return new Map([
    [payer, paying.weight - taken],
    ...healthy.map((one, place): [string, number] => [one.provider, one.weight + (given[place] ?? 0)]),
  ]);
}

/** Moves each carrier up to ten points towards its resting share; empty where all rest, or too soon. */
export function recovered(weights: readonly ProviderWeight[], now: number): Map<string, number> {
  const free = weights.filter((one) => one.pinned === null);
  if (free.length < 2 || isTooSoon(weights, COOL_DOWNS_MS.recovery, now)) return new Map();
  const resting = restingOf(weights, free);
  const lack = free.map((one, place) => bounded((resting[place] ?? 0) - one.weight));
  const surplus = free.map((one, place) => bounded(one.weight - (resting[place] ?? 0)));
  const moved = Math.min(sum(lack), sum(surplus));
  if (moved === 0) return new Map();
  const given = spread(moved, lack);
  const taken = spread(moved, surplus);
  return new Map(
    free
      .map((one, place): [string, number] => [
        one.provider,
        one.weight + (given[place] ?? 0) - (taken[place] ?? 0),
      ])
      .filter(([provider, weight]) =>
        weights.some((one) => one.provider === provider && one.weight !== weight),
      ),
  );
}

/** Those that nobody has pinned share evenly what they have together. */
function restingOf(weights: readonly ProviderWeight[], free: readonly ProviderWeight[]): number[] {
  if (free.length === weights.length) return [...restingWeights(free.map((one) => one.provider)).values()];
  const total = sum(free.map((one) => one.weight));
  return spread(
    total,
    free.map(() => 1),
  );
}

function isTooSoon(weights: readonly ProviderWeight[], coolDownMs: number, now: number): boolean {
  return weights.some((one) => now - one.changedAt < coolDownMs);
}

/** Whole points in proportion to shares, by the largest remainders; shares that are all zero count as equal. */
function spread(points: number, shares: readonly number[]): number[] {
  const total = sum(shares);
  const exact = shares.map((share) => (total === 0 ? points / shares.length : (points * share) / total));
  const whole = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, place) => ({ place, remainder: value - Math.floor(value) }))
    .sort((one, other) => other.remainder - one.remainder);
  const over = points - sum(whole);
  for (const { place } of byRemainder.slice(0, over)) whole[place] = (whole[place] ?? 0) + 1;
  return whole;
}

function bounded(points: number): number {
  return Math.min(STEP, Math.max(0, points));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

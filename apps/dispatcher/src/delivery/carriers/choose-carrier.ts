/** One carrier of a channel, as it stands at this moment. */
export interface Candidate {
  provider: string;
  /** 0 to 100. */
  weight: number;
  /** A person has set its weight: then 0 means nothing at all. */
  isPinned: boolean;
  /** It can reach the address. */
  serves: boolean;
  /** Neither its breaker, its pause nor its rate stands against a call. */
  isOpen: boolean;
}

export interface Wishes {
  /** The only one that may carry it; one that is not among the candidates is no pin any more. */
  pinned: string | null;
  /** Goes last. */
  avoid: string | null;
  isUrgent: boolean;
}

/** A carrier that ails keeps this many points, so that its health stays measured; nothing urgent is spent on that. */
export const FLOOR = 2;

/**
 * Draws the carrier of one delivery, in proportion to the weights. Pure.
 * @param random in [0, 1)
 * @returns null where nobody who could carry it may be called now: then it waits
 */
export function chooseCarrier(
  candidates: readonly Candidate[],
  { pinned, avoid, isUrgent }: Wishes,
  random: number,
): string | null {
  const able = ableTo(candidates, pinned);
  const open = able.filter((candidate) => candidate.isOpen);
  const others = open.filter((candidate) => candidate.provider !== avoid);
  const among = others.length > 0 ? others : open;
  const weights = among.map((candidate) => drawWeight(candidate, isUrgent));
  return draw(among, weights, random);
}

/** A pin that names nobody is none. An address that nobody serves goes to anybody, who will say what is wrong with it. */
function ableTo(candidates: readonly Candidate[], pinned: string | null): readonly Candidate[] {
  const able = candidates.filter((candidate) => candidate.serves);
  const serving = able.length > 0 ? able : candidates;
  const bound = serving.filter((candidate) => candidate.provider === pinned);
  return bound.length > 0 ? bound : serving;
}

function drawWeight({ weight, isPinned }: Candidate, isUrgent: boolean): number {
  if (isPinned) return weight;
  return isUrgent && weight <= FLOOR ? 0 : Math.max(weight, FLOOR);
}

/** Weights that are all zero count as equal. */
function draw(among: readonly Candidate[], weights: readonly number[], random: number): string | null {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return among[Math.floor(random * among.length)]?.provider ?? null;
  let left = random * total;
  const drawn = weights.findIndex((weight) => (left -= weight) < 0);
  return among[drawn]?.provider ?? null;
}

import { coldStart } from './match/cold-start';
import { matchHot } from './match/match-hot';
import { matchPeers } from './match/match-peers';
import { matchPrivate } from './match/match-private';
import { matchShared } from './match/match-shared';
import { memory } from './match/memory';
import { updates } from './match/updates';
import type { Bench } from './report';

/** Plain rules in one process, one thread. */
export const MATCH_BENCHES: readonly Bench[] = [
  matchShared,
  matchHot,
  matchPrivate,
  matchPeers,
  memory,
  updates,
  coldStart,
];

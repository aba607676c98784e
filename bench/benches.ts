import { latency } from './latency';
import { matchPrivate, matchRules, matchShared } from './match';
import type { Bench } from './report';
import { road } from './road';

/** The figures that matter most come first. */
export const BENCHES: readonly Bench[] = [road, latency, matchShared, matchPrivate, matchRules];

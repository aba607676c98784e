import { coldStartWorker } from './cold-start-worker';
import { latency } from './latency';
import { MATCH_BENCHES } from './match';
import type { Bench } from './report';
import { road } from './road';

/** The figures that matter most come first. */
export const BENCHES: readonly Bench[] = [road, latency, ...MATCH_BENCHES, coldStartWorker];

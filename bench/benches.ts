import { coldStartWorker } from './cold-start-worker';
import { latency } from './latency';
import { MATCH_BENCHES } from './match';
import { memoryComposed } from './memory-composed';
import { preview } from './preview';
import type { Bench } from './report';
import { road } from './road';
import { timers } from './timers';

/** The figures that matter most come first. */
export const BENCHES: readonly Bench[] = [
  road,
  latency,
  ...MATCH_BENCHES,
  memoryComposed,
  timers,
  coldStartWorker,
  preview,
];

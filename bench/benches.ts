import { coldStartWorker } from './cold-start-worker';
import { bulkLane } from './dispatch/bulk-lane';
import { dispatchSms } from './dispatch-sms';
import { dispatchEmailBulk } from './dispatch/email-bulk';
import { dispatchEmailSmtp } from './dispatch/email-smtp';
import { latency } from './latency';
import { MATCH_BENCHES } from './match';
import { memoryComposed } from './memory-composed';
import { plan } from './plan';
import { preview } from './preview';
import type { Bench } from './report';
import { road } from './road';
import { timers } from './timers';

/** The figures that matter most come first. */
export const BENCHES: readonly Bench[] = [
  road,
  latency,
  dispatchSms,
  dispatchEmailBulk,
  dispatchEmailSmtp,
  bulkLane,
  ...MATCH_BENCHES,
  memoryComposed,
  timers,
  coldStartWorker,
  plan,
  preview,
];

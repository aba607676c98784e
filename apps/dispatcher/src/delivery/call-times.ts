import type { ChannelAdapter } from '@app/channels';

/** A provider that has not answered by then may or may not have taken the message. */
const USUAL_CALL_MS = 10_000;

/** For the question about an earlier attempt, which comes before the call. */
const QUESTION_MS = 2_500;

/** The lease that these times are meant for. In a shorter one everything is shorter alike, so that it still ends in time. */
const MEANT_FOR_LEASE_MS = 20_000;

export interface CallTimes {
  askMs: number;
  sendMs: number;
}

/**
 * How long a carrier may take within a lease. Both times together are shorter than the lease, or the delivery would be
 * taken over while its call runs: of 20 s an adapter may have 15 s for its call.
 */
export function callTimes({ callMs }: Pick<ChannelAdapter, 'callMs'>, leaseMs: number): CallTimes {
  const share = Math.min(1, leaseMs / MEANT_FOR_LEASE_MS);
  return { askMs: share * QUESTION_MS, sendMs: share * (callMs ?? USUAL_CALL_MS) };
}

import type { ProviderFailure } from '../harness/providers/provider-failure';

/** One thing that goes wrong while messages are sent. */
export interface DeliverHarm {
  name: string;
  /** How the provider answers until it heals. */
  provider?: ProviderFailure;
  restartsPostgres?: true;
  killsDispatcher?: true;
  /** How long it lasts before the dispatcher is killed, if it is, or the next run begins. */
  forMs?: number;
}

/** Calls hang for longer than their time-out, so that some end in it and some in the kill. */
const HANGS_MS = 1_500;

export const DELIVER_HARMS: readonly DeliverHarm[] = [
  { name: 'the dispatcher is killed', killsDispatcher: true },
  { name: 'PostgreSQL is stopped and started', restartsPostgres: true },
  { name: 'both at once', restartsPostgres: true, killsDispatcher: true },
  { name: 'the provider hangs', provider: { hang: true }, forMs: HANGS_MS },
  { name: 'it takes the message and hangs', provider: { hangAfterAccept: true }, forMs: HANGS_MS },
  {
    name: 'and the dispatcher is killed',
    provider: { hangAfterAccept: true },
    forMs: 300,
    killsDispatcher: true,
  },
  { name: 'it takes the message and drops the connection', provider: { resetAfterAccept: true }, forMs: 500 },
  { name: 'and PostgreSQL is away, too', provider: { resetAfterAccept: true }, restartsPostgres: true },
  { name: 'it drops the connection', provider: { reset: true }, forMs: 500 },
  { name: 'it takes the message and breaks off its answer', provider: { breakBody: true }, forMs: 500 },
  { name: 'it answers 500', provider: { status: 500 }, forMs: 500 },
  { name: 'an hour of 429', provider: { status: 429, headers: { 'retry-after': '1' } }, forMs: 3_000 },
];

import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  IterableBackoff,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { SendOutcome } from '@app/contracts';
import { isProviderFault } from '../provider-fault';

/** Half of the last twenty calls, ten of them at least: a carrier with little traffic must not go down by two. */
const CALLS = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };

/** Until one call may try again; the longest stays well below what somebody waits for a code. */
const RESTS_MS = [2_000, 5_000, 10_000, 20_000, 30_000];
const LOOK_AGAIN_MS = 1_000;

/**
 * Keeps messages away from a carrier that fails, by cockatiel. It never eats one: while it is open nothing is claimed
 * for the carrier, and a message that meets it nevertheless was not sent and waits.
 */
export class CarrierBreaker {
  private readonly policy = circuitBreaker(
    handleWhenResult((outcome) => isProviderFault(outcome as SendOutcome)),
    { halfOpenAfter: new IterableBackoff(RESTS_MS), breaker: new CountBreaker(CALLS) },
  );
  private trips = 0;
  private openUntil = 0;
  private isProbing = false;

  constructor(private readonly now: () => number) {
    this.policy.onBreak(() => {
      this.openUntil = this.now() + (RESTS_MS[Math.min(this.trips, RESTS_MS.length - 1)] ?? 0);
      this.trips += 1;
    });
    this.policy.onReset(() => {
      this.trips = 0;
      this.openUntil = 0;
    });
  }

  get isClosed(): boolean {
    return this.policy.state === CircuitState.Closed;
  }

  /** In how many ms a call may be made; 0: now. While one call tries it out nobody knows, and looks again. */
  get opensInMs(): number {
    if (this.isClosed) return 0;
    if (this.isProbing || this.policy.state === CircuitState.HalfOpen) return LOOK_AGAIN_MS;
    return Math.max(0, this.openUntil - this.now());
  }

  /** To be called where a carrier is chosen: the one call that tries it out is taken by this delivery. */
  take(): void {
    if (!this.isClosed) this.isProbing = true;
  }

  /** @returns null where the breaker did not let it through: nothing was sent */
  async call(send: () => Promise<SendOutcome>): Promise<SendOutcome | null> {
    try {
      return await this.policy.execute(send);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return null;
      throw error;
    } finally {
      this.isProbing = false;
    }
  }

  /** The delivery that was to try it out did not go after all. */
  giveBack(): void {
    this.isProbing = false;
  }
}

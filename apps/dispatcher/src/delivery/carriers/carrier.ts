import type { ChannelAdapter } from '@app/channels';
import type { Channel, SendOutcome } from '@app/contracts';
import { isProviderFault } from '../provider-fault';
import { CarrierBreaker } from './carrier-breaker';
import { FaultWindow } from './fault-window';

/** The far end is the recipient's own there: that one of them fails says nothing about the next. */
const FAR_END_IS_RECIPIENTS: ReadonlySet<Channel> = new Set(['webhook', 'push', 'chat', 'inbox']);

/** A provider that asks for an hour is still looked at once a minute: some say an hour and mean a second. */
const LONGEST_PAUSE_MS = 60_000;

/** One carrier of one channel in this process: who may call it now, and how it has been doing. */
export class Carrier {
  private readonly breaker: CarrierBreaker;
  private readonly faults = new FaultWindow();
  private pausedUntil = 0;
  private drawn = { weight: 0, isPinned: false };

  constructor(
    readonly adapter: ChannelAdapter,
    private readonly now: () => number,
  ) {
    this.breaker = new CarrierBreaker(now);
  }

  get provider(): string {
    return this.adapter.provider;
  }

  /** 0 to 100, as of the last look. */
  get weight(): number {
    return this.drawn.weight;
  }

  get isPinned(): boolean {
    return this.drawn.isPinned;
  }

  weigh(weight: number, isPinned: boolean): void {
    this.drawn = { weight, isPinned };
  }

  get isBroken(): boolean {
    return !this.breaker.isClosed;
  }

  /** In how many ms it may be called, or should be looked at again; 0: now. */
  get opensInMs(): number {
    return Math.max(this.breaker.opensInMs, this.pausedUntil - this.now(), 0);
  }

  /** Faults in proportion to calls of the last minute. */
  get faultRatio(): number {
    return this.faults.ratio(this.now());
  }

  /** So many faults in a minute that its share of the traffic should shrink. */
  get ails(): boolean {
    return this.faults.ails(this.now());
  }

  serves(to: string): boolean {
    return this.adapter.serves?.(to) ?? true;
  }

  /** This delivery is the one that tries it out, if it has to be tried out. */
  take(): void {
    this.breaker.take();
  }

  giveBack(): void {
    this.breaker.giveBack();
  }

  /** @returns null if the breaker did not let it through: nothing was sent */
  async call(send: () => Promise<SendOutcome>): Promise<SendOutcome | null> {
    if (FAR_END_IS_RECIPIENTS.has(this.adapter.channel)) return send();
    const outcome = await this.breaker.call(send);
    if (outcome === null) return null;
    this.faults.add(this.now(), isProviderFault(outcome));
    if (outcome.kind === 'retryable' && outcome.reason === 'throttled')
      this.pausedUntil = this.now() + Math.min(outcome.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
    return outcome;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelRegistry } from '@app/channels';
import { CHANNELS, type Channel, type Lane, type SendOutcome } from '@app/contracts';
import type { ClaimedDelivery, DeliverySettlement, DeliveryStore } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import { sendDelivery } from './send-delivery';
import { settleDelivery } from './settle-delivery';

/** A provider that has not answered by then may or may not have taken the message. */
const SEND_TIMEOUT_MS = 10_000;

/** Some five minutes: a store that is away longer is met by the lease's end instead. */
const RECORD_TRIES = 310;
const RECORD_TRIES_AT_THE_END = 12;
const LONGEST_RECORD_WAIT_MS = 1_000;

/** Even with nothing due, a lane looks this often: a clock that was set back must not silence it. */
const LOOK_AT_LEAST_EVERY_MS = 60_000;

export interface LaneSettings {
  lane: Lane;
  /** Calls under way at once. */
  concurrency: number;
  leaseMs: number;
  owner: string;
}

export interface LaneParts {
  deliveries: DeliveryStore;
  channels: ChannelRegistry;
  metrics: DispatcherMetrics;
  now: () => number;
  random: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** Stages 6 to 8 for one lane: claims what is due, sends it with no connection held, records what came of it. */
export class DeliveryLoop {
  private readonly underWay = new Set<Promise<void>>();
  /** More was due than there was room for. */
  private hungry = false;
  private reserved = 0;
  /** Outcomes that are known here and not yet in the store. */
  unrecorded = 0;
  private draining = false;
  private readonly claiming: Wakeable;
  private readonly providers: Record<Channel, string>;

  constructor(
    private readonly settings: LaneSettings,
    private readonly parts: LaneParts,
  ) {
    this.providers = Object.fromEntries(
      CHANNELS.map((channel) => [channel, parts.channels.get(channel).provider]),
    ) as Record<Channel, string>;
    this.claiming = new Wakeable(
      () => this.claim(),
      (error) => parts.onTrouble(`claiming in lane ${settings.lane} failed`, error),
    );
  }

  wake(): void {
    this.claiming.wake();
  }

  /**
   * Room for deliveries that are leased as they are planned: the shortest way, open while nothing older waits.
   * @returns how many of them may be leased; each is later started or given back
   */
  reserve(wanted: number): number {
    if (this.hungry || this.draining) return 0;
    const room = Math.max(0, Math.min(wanted, this.free));
    this.reserved += room;
    return room;
  }

  startReserved(deliveries: readonly ClaimedDelivery[]): void {
    this.giveBack(deliveries.length);
    for (const delivery of deliveries) this.start(delivery);
  }

  giveBack(room: number): void {
    this.reserved -= room;
  }

  private get free(): number {
    return this.settings.concurrency - this.underWay.size - this.reserved;
  }

  /** Claims nothing more and waits for the calls under way; each ends within the send timeout. */
  async drain(): Promise<void> {
    this.draining = true;
    await this.claiming.stop();
    await Promise.all(this.underWay);
  }

  private async claim(): Promise<boolean> {
    const { lane, owner, leaseMs } = this.settings;
    const { free } = this;
    this.hungry = free <= 0;
    if (this.hungry) return false; // somebody may wait, and calls that end look again
    const claimed = await this.parts.deliveries.claim({
      lane,
      limit: free,
      owner,
      leaseMs,
      providers: this.providers,
    });
    for (const delivery of claimed) this.start(delivery);
    this.hungry = claimed.length === free;
    if (this.hungry) return false; // calls that end make room and wake the lane
    const dueInMs = await this.parts.deliveries.nextDueInMs(lane);
    this.claiming.wakeIn(Math.min(dueInMs ?? LOOK_AT_LEAST_EVERY_MS, LOOK_AT_LEAST_EVERY_MS));
    return false;
  }

  private start(delivery: ClaimedDelivery): void {
    const work = this.deliver(delivery)
      .catch((error: unknown) =>
        this.parts.onTrouble('an outcome could not be recorded; its lease will run out', error),
      )
      .finally(() => {
        this.underWay.delete(work);
        if (this.hungry && this.underWay.size <= this.settings.concurrency / 2) this.claiming.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const { channels, metrics, now, random } = this.parts;
    const outcome = await sendDelivery(delivery, channels, this.sendTimeoutMs);
    const { provider, idempotent } = channels.get(delivery.channel);
    const settlement = settleDelivery(delivery, outcome, { idempotent, now: now(), random: random() });
    metrics.attempts.inc({ channel: delivery.channel, provider, outcome: outcome.kind });
    if (outcome.kind === 'accepted') metrics.acceptedSeconds.observe((now() - delivery.causedAt) / 1000);
    this.unrecorded += 1;
    await this.record(delivery, outcome, settlement).finally(() => (this.unrecorded -= 1));
    metrics.settled.inc({ channel: delivery.channel, state: settlement.state });
    if (settlement.state === 'retry') this.claiming.wake(); // to set the alarm for it
  }

  /** What the provider said is worth more than a lease: it is offered to the store until the store takes it. */
  private async record(
    delivery: ClaimedDelivery,
    outcome: SendOutcome,
    settlement: DeliverySettlement,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.parts.deliveries.record(delivery, outcome, settlement);
        return;
      } catch (error) {
        if (tries >= (this.draining ? RECORD_TRIES_AT_THE_END : RECORD_TRIES)) throw error;
        if (tries === 1) this.parts.onTrouble('an outcome waits to be recorded', error);
        await delay(Math.min(50 * 2 ** tries, LONGEST_RECORD_WAIT_MS));
      }
    }
  }

  /** A call must end well before its lease does, or it would be taken over while it runs. */
  private get sendTimeoutMs(): number {
    return Math.min(SEND_TIMEOUT_MS, this.settings.leaseMs / 2);
  }
}

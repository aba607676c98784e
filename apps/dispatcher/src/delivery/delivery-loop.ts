import type { ChannelRegistry } from '@app/channels';
import { CHANNELS, type Channel, type Lane } from '@app/contracts';
import type { ClaimedDelivery, DeliveryStore } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { Wakeable } from '../wakeable';
import { sendDelivery } from './send-delivery';
import { settleDelivery } from './settle-delivery';

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
    const due = await this.parts.deliveries.nextDueAt(lane);
    this.claiming.wakeAt(Math.min(due ?? Infinity, this.parts.now() + LOOK_AT_LEAST_EVERY_MS));
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
    const { channels, metrics, deliveries, now, random } = this.parts;
    const outcome = await sendDelivery(delivery, channels);
    const { provider, idempotent } = channels.get(delivery.channel);
    const settlement = settleDelivery(delivery, outcome, { idempotent, now: now(), random: random() });
    metrics.attempts.inc({ channel: delivery.channel, provider, outcome: outcome.kind });
    if (outcome.kind === 'accepted') metrics.acceptedSeconds.observe((now() - delivery.causedAt) / 1000);
    await deliveries.record(delivery, outcome, settlement);
    metrics.settled.inc({ channel: delivery.channel, state: settlement.state });
    if (settlement.state === 'retry') this.claiming.wake(); // to set the alarm for it
  }
}

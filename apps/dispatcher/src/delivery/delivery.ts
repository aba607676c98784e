import { LANES, type Channel, type Lane } from '@app/contracts';
import type { ClaimedDelivery, PlannedDelivery } from '@app/persistence';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { Carriers } from './carriers/carriers';
import type { WeightsKeeper } from './carriers/weights-keeper';
import { DeliveryLoop, type LaneParts } from './delivery-loop';
import type { OutcomeRecorder } from './outcome-recorder';
import type { ReceiptPoll } from './receipt-poll';

export interface DeliverySettings {
  concurrency: number;
  leaseMs: number;
  owner: string;
}

export interface DeliveryParts extends LaneParts {
  carriers: Carriers;
  recorder: OutcomeRecorder;
  weights: WeightsKeeper;
  poll: ReceiptPoll;
  metrics: DispatcherMetrics;
}

/** All lanes, each with calls of its own, and the sweep for what other dispatchers left behind. */
export class Delivery {
  private readonly loops: Map<Lane, DeliveryLoop>;

  constructor(
    private readonly settings: DeliverySettings,
    private readonly parts: DeliveryParts,
  ) {
    this.loops = new Map(LANES.map((lane) => [lane, new DeliveryLoop({ lane, ...settings }, parts)]));
  }

  /** Shared with whoever else calls providers: one carrier has one breaker and one rate. */
  get carriers(): Carriers {
    return this.parts.carriers;
  }

  /** To be awaited before anything is sent. */
  async open(): Promise<void> {
    await this.parts.weights.open();
  }

  /** What is decided each minute: which carriers get more and which less. */
  async review(): Promise<void> {
    await this.parts.weights.review();
  }

  /** @param lane as notified; anything else wakes all */
  wake(lane = ''): void {
    const one = this.loops.get(lane as Lane);
    if (one) one.wake();
    else for (const loop of this.loops.values()) loop.wake();
  }

  /**
   * The lease under which a delivery may be planned and sent at once; null where the lane has no room, or where only a
   * claim can say who carries it.
   */
  reserve(lane: Lane, channel: Channel, address = ''): PlannedDelivery['lease'] {
    const carrier = this.parts.carriers.chooseAtOnce(channel, lane, address);
    if (!carrier || this.loops.get(lane)?.reserve(1) !== 1) return null;
    const { owner, leaseMs: ms } = this.settings;
    return { owner, ms, provider: carrier.provider };
  }

  /** @param leased how many were reserved in this lane; those that did not come to be make room again */
  startReserved(lane: Lane, deliveries: readonly ClaimedDelivery[], leased: number): void {
    const loop = this.loops.get(lane);
    loop?.giveBack(leased - deliveries.length);
    loop?.startReserved(
      deliveries.map((delivery) => ({
        delivery,
        carrier: this.parts.carriers.named(delivery.channel, delivery.provider),
      })),
    );
  }

  /** Takes over leases that ran out, ends what is overdue, asks about what is silent; meant to be called every few seconds. */
  async sweep(): Promise<void> {
    const { deliveries, carriers, weights, metrics, recorder } = this.parts;
    await weights.refresh();
    // An outcome that is on its way to the store must not be overtaken by the end of its lease.
    if (recorder.unrecorded > 0) return;
    const idempotent = carriers
      .all()
      .flatMap(({ adapter }) => (adapter.idempotent ? [adapter.provider] : []));
    const taken = await deliveries.takeOverExpiredLeases(idempotent);
    if (taken.length > 0) metrics.takenOver.inc(taken.length);
    for (const lane of new Set(taken.map((one) => one.lane))) this.wake(lane);
    await deliveries.expireOverdue(LANES);
    await this.parts.poll.run();
  }

  async drain(): Promise<void> {
    this.parts.recorder.drain();
    await Promise.all([...this.loops.values()].map((loop) => loop.drain()));
  }
}

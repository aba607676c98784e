import { LANES, type Lane } from '@app/contracts';
import { DeliveryLoop, type LaneParts } from './delivery-loop';

export interface DeliverySettings {
  concurrency: number;
  leaseMs: number;
  owner: string;
}

/** All lanes, each with calls of its own, and the sweep for what other dispatchers left behind. */
export class Delivery {
  private readonly loops: Map<Lane, DeliveryLoop>;

  constructor(
    settings: DeliverySettings,
    private readonly parts: LaneParts,
  ) {
    this.loops = new Map(LANES.map((lane) => [lane, new DeliveryLoop({ lane, ...settings }, parts)]));
  }

  /** @param lane as notified; anything else wakes all */
  wake(lane = ''): void {
    const one = this.loops.get(lane as Lane);
    if (one) one.wake();
    else for (const loop of this.loops.values()) loop.wake();
  }

  /** Takes over leases that ran out and ends what is overdue; meant to be called every few seconds. */
  async sweep(): Promise<void> {
    const { deliveries, channels, metrics } = this.parts;
    const idempotent = channels.all().flatMap((adapter) => (adapter.idempotent ? [adapter.provider] : []));
    const taken = await deliveries.takeOverExpiredLeases(idempotent);
    if (taken.length > 0) metrics.takenOver.inc(taken.length);
    for (const lane of new Set(taken.map((one) => one.lane))) this.wake(lane);
    await deliveries.expireOverdue();
  }

  async drain(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.drain()));
  }
}

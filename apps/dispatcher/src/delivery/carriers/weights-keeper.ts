import { CHANNELS, type Channel } from '@app/contracts';
import type { ProviderHealthStore, Slowness } from '@app/persistence';
import type { DispatcherMetrics } from '../../observability/dispatcher-metrics';
import type { Carrier } from './carrier';
import type { Carriers } from './carriers';
import { COOL_DOWNS_MS, lowered, recovered, restingWeights, type ProviderWeight } from './provider-weights';

/** From this share of late messages on a carrier is slow, as GOV.UK Notify settled on after 10 and 20 %. */
const SLOW_SHARE = 0.15;
const FEWEST_MESSAGES = 20;

interface KeeperParts {
  carriers: Carriers;
  store: ProviderHealthStore;
  metrics: DispatcherMetrics;
  onTrouble: (message: string, error: unknown) => void;
}

/**
 * Keeps the weights of this process as they are stored, and has them changed: at once where a carrier fails often, each
 * minute where its messages arrive late, and back again where nothing of it happens any more.
 */
export class WeightsKeeper {
  /** Carriers whose faults are being reported: one report at a time is enough. */
  private readonly reporting = new Set<Carrier>();

  constructor(private readonly parts: KeeperParts) {}

  /** Enters this installation's carriers, and reads what they weigh. */
  async open(): Promise<void> {
    for (const channel of CHANNELS) {
      const providers = this.parts.carriers.of(channel).map((carrier) => carrier.provider);
      await this.parts.store.register(channel, restingWeights(providers));
    }
    await this.refresh();
  }

  /** Meant to be called every few seconds: a person's pin holds from then on. */
  async refresh(): Promise<void> {
    const { carriers, store, metrics } = this.parts;
    for (const { channel, provider, weight, pinned } of await store.list()) {
      const carrier = carriers.of(channel).find((one) => one.provider === provider);
      carrier?.weigh(pinned ?? weight, pinned !== null);
    }
    for (const carrier of carriers.all()) {
      const labels = { channel: carrier.adapter.channel, provider: carrier.provider };
      metrics.providerWeight.set(labels, carrier.weight);
      metrics.providerFaults.set(labels, carrier.faultRatio);
      metrics.providerOpen.set(labels, carrier.isBroken ? 0 : 1);
    }
  }

  /** A carrier that fails often gives points to the others; without an answer to wait for. */
  report(carrier: Carrier): void {
    const { channel } = carrier.adapter;
    if (this.parts.carriers.of(channel).length < 2 || this.reporting.has(carrier)) return;
    this.reporting.add(carrier);
    void this.lower(channel, carrier.provider, 'faults', this.ailing(channel))
      .catch((error: unknown) => this.parts.onTrouble('a weight could not be changed', error))
      .finally(() => this.reporting.delete(carrier));
  }

  /** Meant to be called each minute. */
  async review(): Promise<void> {
    for (const channel of CHANNELS) {
      if (this.parts.carriers.of(channel).length < 2) continue;
      const slow = await this.slowOnes(channel);
      for (const provider of slow) await this.lower(channel, provider, 'slow', slow);
      await this.parts.store.change(channel, 'recovery', (rows, now) => recovered(rows.map(asWeight), now));
    }
    await this.refresh();
  }

  private async lower(
    channel: Channel,
    provider: string,
    why: 'faults' | 'slow',
    ailing: ReadonlySet<string>,
  ): Promise<void> {
    const coolDownMs = COOL_DOWNS_MS[why];
    const isChanged = await this.parts.store.change(channel, `${provider}:${why}`, (rows, now) =>
      lowered(rows.map(asWeight), provider, { ailing, coolDownMs, now }),
    );
    if (isChanged) await this.refresh();
  }

  private ailing(channel: Channel): ReadonlySet<string> {
    const carriers = this.parts.carriers.of(channel);
    return new Set(carriers.filter((one) => one.ails || one.isBroken).map((one) => one.provider));
  }

  /** Some but not all: where all are slow it is the network, and moving messages helps nobody. */
  private async slowOnes(channel: Channel): Promise<ReadonlySet<string>> {
    const told = (await this.parts.store.slowness(channel)).filter(isTelling);
    const slow = told.filter((one) => one.slow / one.messages >= SLOW_SHARE);
    for (const one of told)
      this.parts.metrics.providerSlow.set({ channel, provider: one.provider }, one.slow / one.messages);
    return new Set(slow.length < told.length ? slow.map((one) => one.provider) : []);
  }
}

function isTelling({ hasReceipts, messages }: Slowness): boolean {
  return hasReceipts && messages >= FEWEST_MESSAGES;
}

function asWeight(row: {
  provider: string;
  weight: number;
  pinned: number | null;
  changedAt: Date;
}): ProviderWeight {
  return { ...row, changedAt: row.changedAt.getTime() };
}

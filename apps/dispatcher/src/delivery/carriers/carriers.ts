import type { ChannelAdapter, ChannelRegistry } from '@app/channels';
import { CHANNELS, type Channel, type Lane } from '@app/contracts';
import type { ClaimedDelivery } from '@app/persistence';
import { Carrier } from './carrier';
import { chooseCarrier } from './choose-carrier';
import { Allowance, type Rates } from './rates';

/** Contact points of these channels have secrets of their own, which planning does not read. */
const HAVE_KEYS: ReadonlySet<Channel> = new Set(['push', 'webhook', 'chat']);

/** What a lane may claim now. */
export interface Openings {
  /** At most so many of each channel; channels whose carriers are all away are missing. */
  most: Partial<Record<Channel, number>>;
  allowance: Allowance;
}

type Carried = Pick<ClaimedDelivery, 'channel' | 'lane' | 'address' | 'pinnedProvider' | 'avoidProvider'>;

/** All carriers of this process, and who of them gets what. */
export class Carriers {
  private readonly byChannel: ReadonlyMap<Channel, readonly Carrier[]>;
  /** Noted with a claim until the carrier is chosen. */
  readonly defaults: Readonly<Record<Channel, string>>;

  constructor(
    registry: ChannelRegistry,
    private readonly rates: Rates,
    private readonly clock: { now: () => number; random: () => number },
  ) {
    const carriers = (channel: Channel): Carrier[] =>
      registry.carriersOf(channel).map((adapter) => new Carrier(adapter, clock.now));
    this.byChannel = new Map(CHANNELS.map((channel) => [channel, carriers(channel)]));
    this.defaults = Object.fromEntries(
      CHANNELS.map((channel) => [channel, this.of(channel)[0]?.provider ?? '']),
    ) as Record<Channel, string>;
  }

  of(channel: Channel): readonly Carrier[] {
    return this.byChannel.get(channel) ?? [];
  }

  all(): Carrier[] {
    return CHANNELS.flatMap((channel) => this.of(channel));
  }

  /** Undefined for a carrier that is not set up here any more. */
  adapterOf(channel: Channel, provider: string): ChannelAdapter | undefined {
    return this.of(channel).find((carrier) => carrier.provider === provider)?.adapter;
  }

  /** The carrier of that name; the first of the channel for any other. */
  named(channel: Channel, provider: string): Carrier {
    const carriers = this.of(channel);
    return carriers.find((carrier) => carrier.provider === provider) ?? (carriers[0] as Carrier);
  }

  /** @param room for so many deliveries; of carriers with a rate so many may be called are taken from their buckets */
  async openings(lane: Lane, room: number): Promise<Openings> {
    const allowance = await this.rates.take(lane, room);
    const most: Openings['most'] = {};
    for (const channel of CHANNELS) {
      const count = this.of(channel).reduce((sum, carrier) => sum + roomOf(carrier, allowance, room), 0);
      if (count > 0) most[channel] = Math.min(count, room);
    }
    return { most, allowance };
  }

  /** Ms until one of the channels that were closed, or whose share is used up, may be open; infinite if none is. */
  opensInMs({ allowance, most }: Openings): number {
    const closed = CHANNELS.filter((channel) => !most[channel] || this.waitFor(channel, allowance) > 0);
    return Math.min(Number.POSITIVE_INFINITY, ...closed.map((channel) => this.waitFor(channel, allowance)));
  }

  giveBack(allowance: Allowance): Promise<void> {
    return this.rates.giveBack(allowance);
  }

  /**
   * Draws the carrier of a delivery and takes its place with it.
   * @returns null where nobody who could carry it may be called now
   */
  choose(delivery: Carried, allowance: Allowance): Carrier | null {
    const { channel, lane, pinnedProvider: pinned, avoidProvider: avoid } = delivery;
    const carriers = this.of(channel);
    const [only] = carriers;
    const provider =
      carriers.length === 1 && only && isOpen(only, allowance)
        ? only.provider
        : chooseCarrier(
            carriers.map((carrier) => ({
              provider: carrier.provider,
              weight: carrier.weight,
              isPinned: carrier.isPinned,
              serves: carrier.serves(delivery.address ?? ''),
              isOpen: isOpen(carrier, allowance),
            })),
            { pinned, avoid, isUrgent: lane === 'urgent' },
            this.clock.random(),
          );
    const chosen = carriers.find((carrier) => carrier.provider === provider) ?? null;
    if (chosen) allowance.use(chosen.provider);
    chosen?.take();
    return chosen;
  }

  /**
   * The carrier of a delivery that is sent as soon as it is planned, without the questions that a claim asks.
   * @returns null where one of them has to be asked: a rate, a secret of the address, a carrier that is to be tried out
   */
  chooseAtOnce(channel: Channel, lane: Lane, address: string): Carrier | null {
    const carriers = this.of(channel);
    if (HAVE_KEYS.has(channel) || carriers.some(({ provider }) => this.rates.isLimited(provider)))
      return null;
    if (carriers.length > 1 && address === '') return null;
    if (carriers.some((carrier) => carrier.isBroken)) return null;
    return this.choose(
      { channel, lane, address, pinnedProvider: null, avoidProvider: null },
      Allowance.unlimited,
    );
  }

  /** Whether somebody else could take what this carrier failed with. */
  hasOther(delivery: Carried, provider: string): boolean {
    if (delivery.pinnedProvider === provider) return false;
    return this.of(delivery.channel).some(
      (carrier) =>
        carrier.provider !== provider && !carrier.isBroken && carrier.serves(delivery.address ?? ''),
    );
  }

  /** How long a delivery that found nobody should wait. */
  waitFor(channel: Channel, allowance: Allowance): number {
    return Math.min(...this.of(channel).map((carrier) => waitOf(carrier, allowance)));
  }
}

/** A carrier that has to be tried out is tried out with one. */
function roomOf(carrier: Carrier, allowance: Allowance, room: number): number {
  if (carrier.opensInMs > 0) return 0;
  return Math.min(carrier.isBroken ? 1 : room, allowance.left(carrier.provider));
}

function isOpen(carrier: Carrier, allowance: Allowance): boolean {
  return carrier.opensInMs === 0 && allowance.left(carrier.provider) > 0;
}

function waitOf(carrier: Carrier, allowance: Allowance): number {
  if (carrier.opensInMs > 0) return carrier.opensInMs;
  return allowance.left(carrier.provider) > 0 ? 0 : allowance.againInMs(carrier.provider);
}

import type { Channel, Lane } from '@app/contracts';
import type { ClaimedDelivery, DeliveryStore, LaterDecision } from '@app/persistence';
import { Wakeable } from '../wakeable';
import { callTimes, type CallTimes } from './call-times';
import type { Carrier } from './carriers/carrier';
import type { Carriers, Openings } from './carriers/carriers';
import type { Courier } from './courier';
import { lookAgain } from './second-thoughts';

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
  carriers: Carriers;
  courier: Courier;
  now: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** A claimed delivery with its carrier, on its way to a call. */
interface Ready {
  delivery: ClaimedDelivery;
  carrier: Carrier;
  /** Epoch ms when its lease ends; its call must have ended before. */
  leasedUntil: number;
}

/**
 * Stages 6 to 8 for one lane: claims what is due, sends it with no connection held, has recorded what came of it.
 * While calls are under way the next ones are claimed, so that no call waits for Postgres.
 */
export class DeliveryLoop {
  private readonly underWay = new Set<Promise<void>>();
  private readonly records = new Set<Promise<void>>();
  private ready: Ready[] = [];
  /** More was due than there was room for. */
  private hungry = false;
  private reserved = 0;
  private draining = false;
  private readonly claiming: Wakeable;

  constructor(
    private readonly settings: LaneSettings,
    private readonly parts: LaneParts,
  ) {
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
    if (this.hungry || this.draining || this.ready.length > 0) return 0;
    const room = Math.max(
      0,
      Math.min(wanted, this.settings.concurrency - this.underWay.size - this.reserved),
    );
    this.reserved += room;
    return room;
  }

  /** @param deliveries each with the carrier that was noted with its lease */
  startReserved(deliveries: readonly { delivery: ClaimedDelivery; carrier: Carrier }[]): void {
    this.giveBack(deliveries.length);
    const leasedUntil = this.leasedUntil();
    for (const one of deliveries) this.ready.push({ ...one, leasedUntil });
    this.pump();
  }

  giveBack(room: number): void {
    this.reserved -= room;
  }

  /** Claims nothing more, gives back what was not begun, and waits for the calls under way and their records. */
  async drain(): Promise<void> {
    this.draining = true;
    await this.claiming.stop();
    for (const { delivery, carrier } of this.ready.splice(0)) this.handBack(delivery, carrier);
    await Promise.all(this.underWay);
    while (this.records.size > 0) await Promise.all(this.records);
  }

  /** As many as there are calls wait beside them; less would leave calls waiting, more would age in their lease. */
  private get room(): number {
    const { concurrency } = this.settings;
    return 2 * concurrency - this.underWay.size - this.ready.length - this.reserved;
  }

  private async claim(): Promise<boolean> {
    const { lane, owner, leaseMs, concurrency } = this.settings;
    const { deliveries, carriers } = this.parts;
    const limit = Math.min(this.room, concurrency);
    this.hungry = limit < concurrency / 2;
    if (this.hungry) return false; // somebody may wait, and calls that end look again
    const openings = await carriers.openings(lane, limit);
    const { most } = openings;
    const leasedUntil = this.leasedUntil();
    let claimed: ClaimedDelivery[] = [];
    try {
      if (Object.keys(most).length > 0)
        claimed = await deliveries.claim({ lane, limit, owner, leaseMs, most, providers: carriers.defaults });
      await this.share(claimed, openings, leasedUntil);
    } finally {
      await carriers.giveBack(openings.allowance);
    }
    this.hungry = claimed.length === limit;
    if (this.hungry) return this.room >= concurrency / 2; // otherwise calls that end make room and wake the lane
    await this.setAlarm(openings);
    return false;
  }

  private async setAlarm(openings: Openings): Promise<void> {
    const { deliveries, carriers } = this.parts;
    const open = Object.keys(openings.most) as Channel[];
    const dueInMs = open.length > 0 ? await deliveries.nextDueInMs(this.settings.lane, open) : null;
    const opensInMs = carriers.opensInMs(openings);
    this.claiming.wakeIn(Math.min(dueInMs ?? LOOK_AT_LEAST_EVERY_MS, opensInMs, LOOK_AT_LEAST_EVERY_MS));
  }

  /** Gives each claimed delivery its carrier, noted before any of them is called; what cannot go is settled. */
  private async share(
    claimed: readonly ClaimedDelivery[],
    openings: Openings,
    leasedUntil: number,
  ): Promise<void> {
    const { carriers, deliveries } = this.parts;
    const ready: Ready[] = [];
    for (const delivery of await this.lookAgainAt(claimed)) {
      const carrier = carriers.choose(delivery, openings.allowance);
      if (carrier) ready.push({ delivery, carrier, leasedUntil });
      else this.letWait(delivery, carriers.waitFor(delivery.channel, openings.allowance));
    }
    const others = ready.filter((one) => one.carrier.provider !== carriers.defaults[one.delivery.channel]);
    if (others.length > 0)
      await deliveries.assign(
        others.map(({ delivery, carrier: { provider } }) => ({ ...delivery, provider })),
      );
    this.ready.push(...ready);
    this.pump();
  }

  /** @returns those that still go, some in other words; why they do, and why others do not, is kept for their customers */
  private async lookAgainAt(claimed: readonly ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
    const going: ClaimedDelivery[] = [];
    const reworded: { deliveryId: string; decided: LaterDecision }[] = [];
    for (const planned of claimed) {
      const thought = lookAgain(planned);
      if (thought.kind === 'withdrawn') {
        const { kind: state, reason, decided } = thought;
        this.keep(this.parts.courier.endUnsent(planned, { state, reason, decided, waitMs: 0, asked: null }));
        continue;
      }
      going.push(thought.delivery);
      if (thought.kind === 'reworded') reworded.push({ ...planned, decided: thought.decided });
    }
    if (reworded.length > 0) await this.parts.deliveries.noteReworded(reworded);
    return going;
  }

  private letWait(delivery: ClaimedDelivery, waitMs: number): void {
    this.keep(this.parts.courier.wait(delivery, 'carrierAway', waitMs));
  }

  private pump(): void {
    while (this.underWay.size < this.settings.concurrency) {
      const next = this.ready.shift();
      if (!next) break;
      const times = callTimes(next.carrier.adapter, this.settings.leaseMs);
      if (this.parts.now() + times.askMs + times.sendMs > next.leasedUntil)
        this.handBack(next.delivery, next.carrier);
      else this.start(next, times);
    }
    if (this.hungry && this.room >= this.settings.concurrency / 2) this.claiming.wake();
  }

  private handBack(delivery: ClaimedDelivery, carrier: Carrier): void {
    carrier.giveBack();
    this.keep(this.parts.courier.wait(delivery, 'givenBack'));
  }

  private start({ delivery, carrier }: Ready, times: CallTimes): void {
    const work = this.parts.courier
      .deliver(delivery, carrier, times, (record) => this.keep(record))
      .catch((error: unknown) => this.parts.onTrouble('a delivery met a bug; its lease will run out', error))
      .finally(() => {
        this.underWay.delete(work);
        this.pump();
      });
    this.underWay.add(work);
  }

  /** Records outlive their calls; a delivery that waits now sets the lane's alarm. */
  private keep(record: Promise<boolean>): void {
    const kept = record
      .then((waits) => void (waits && this.claiming.wake()))
      .catch((error: unknown) =>
        this.parts.onTrouble('an outcome could not be recorded; its lease will run out', error),
      )
      .finally(() => this.records.delete(kept));
    this.records.add(kept);
  }

  private leasedUntil(): number {
    return this.parts.now() + this.settings.leaseMs;
  }
}

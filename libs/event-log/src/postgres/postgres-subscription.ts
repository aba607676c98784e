import type { EventLogStore } from '@app/persistence';
import type { LogConsumer, Subscription } from '../event-log';
import { PartitionFeed } from '../partition-feed';
import type { Report } from '../report';
import { fairShare } from './fair-share';
import { PartitionPump } from './partition-pump';

const BEAT_MS = 1_000;
/** A process that was killed is missed after this. */
const LEASE_MS = 5_000;
/** NOTIFY tells of every record; this finds one whose word was lost. */
const POLL_MS = 5_000;
/** A partition on which the consumer found another owner is left to that one for so long. */
const LEAVE_ALONE_MS = 2_000;

export interface PostgresSubscriptionOptions {
  store: EventLogStore;
  member: string;
  partitions: number;
  consumer: LogConsumer;
  report: Report;
}

interface Held {
  feed: PartitionFeed;
  pump: PartitionPump;
}

/** Reads as a member of the group: leases a fair share of the partitions and gives back what is too much. */
export class PostgresSubscription implements Subscription {
  private readonly held = new Map<number, Held>();
  /** Still leased by us while their last batch ends. */
  private readonly closing = new Map<number, Promise<void>>();
  private readonly leftAlone = new Map<number, number>();
  private stopListening: (() => Promise<void>) | undefined;
  private beatTimer: NodeJS.Timeout | undefined;
  private pollTimer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private beatAgain = false;
  private stopping = false;

  constructor(private readonly options: PostgresSubscriptionOptions) {}

  async start(): Promise<void> {
    this.stopListening = await this.options.store.listen({
      grown: (partitions) => partitions.forEach((partition) => this.held.get(partition)?.pump.wake()),
      groupChanged: () => void this.beat(),
      lookYourself: () => this.wakeAll(),
    });
    this.pollTimer = setInterval(() => this.wakeAll(), POLL_MS);
    await this.beat();
  }

  private wakeAll(): void {
    for (const { pump } of this.held.values()) pump.wake();
  }

  /** Beats never overlap; one that is wished for during another follows it. */
  private beat(): Promise<void> {
    this.beatAgain = true;
    this.beating ??= this.beatWhileWanted().finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async beatWhileWanted(): Promise<void> {
    clearTimeout(this.beatTimer);
    while (this.beatAgain && !this.stopping) {
      this.beatAgain = false;
      try {
        await this.beatOnce();
      } catch (error) {
        this.options.report('the leases on the log could not be renewed', { retryInMs: BEAT_MS, error });
      }
    }
    if (!this.stopping) this.beatTimer = setTimeout(() => void this.beat(), BEAT_MS);
  }

  private async beatOnce(): Promise<void> {
    const { store, member, partitions } = this.options;
    const owned = [...this.held.keys(), ...this.closing.keys()];
    const { members, kept } = await store.beat(member, LEASE_MS, owned);
    for (const partition of owned) if (!kept.includes(partition)) this.letGo(partition);

    const share = fairShare(member, members, partitions);
    for (const partition of [...this.held.keys()].slice(share)) this.letGo(partition);
    const missing = share - this.held.size;
    if (missing <= 0 || this.stopping) return;
    const claimed = await store.claim(member, LEASE_MS, missing, this.notNow());
    for (const partition of claimed) this.take(partition);
  }

  private notNow(): number[] {
    for (const [partition, until] of this.leftAlone)
      if (until <= Date.now()) this.leftAlone.delete(partition);
    return [...this.leftAlone.keys(), ...this.closing.keys()];
  }

  private take(partition: number): void {
    const { store, consumer, report } = this.options;
    const feed = new PartitionFeed(partition, consumer, report, (changed) => this.feedChanged(changed));
    const pump = new PartitionPump(store, feed, report);
    this.held.set(partition, { feed, pump });
    feed.start();
  }

  private feedChanged(feed: PartitionFeed): void {
    if (this.held.get(feed.partition)?.feed !== feed) return;
    if (feed.isLost) {
      this.leftAlone.set(feed.partition, Date.now() + LEAVE_ALONE_MS);
      this.letGo(feed.partition);
    } else if (feed.open) this.held.get(feed.partition)?.pump.wake();
  }

  /** Drains, then gives the lease back, in that order: the next owner finds everything committed. */
  private letGo(partition: number): void {
    const held = this.held.get(partition);
    if (!held) return;
    this.held.delete(partition);
    const closed = this.drainAndRelease(partition, held);
    this.closing.set(partition, closed);
  }

  private async drainAndRelease(partition: number, { feed, pump }: Held): Promise<void> {
    const { store, member, report } = this.options;
    pump.stop();
    try {
      await feed.close();
      await store.release(member, [partition]);
    } catch (error) {
      report('a lease could not be given back and runs out by itself', { partition, error });
    } finally {
      this.closing.delete(partition);
    }
  }

  pause(partition: number): void {
    this.held.get(partition)?.feed.pause();
  }

  resume(partition: number): void {
    this.held.get(partition)?.feed.resume();
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    clearTimeout(this.beatTimer);
    clearInterval(this.pollTimer);
    await this.beating;
    clearTimeout(this.beatTimer);
    for (const partition of [...this.held.keys()]) this.letGo(partition);
    await Promise.all(this.closing.values());
    await this.options.store.leave(this.options.member).catch(() => undefined);
    await this.stopListening?.();
  }
}

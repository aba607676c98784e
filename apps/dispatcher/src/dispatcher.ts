import { hostname } from 'node:os';
import type { Lane } from '@app/contracts';
import { buildChannels, MessageWriter, vapidKeysOf, type ChannelRegistry } from '@app/channels';
import { createEventLog, type EventLog } from '@app/event-log';
import {
  ContactPointHealthStore,
  Database,
  DeliveryStore,
  DigestStore,
  EventLogStore,
  KeptMessageStore,
  MetricStore,
  NotificationStore,
  ProviderHealthStore,
  ReceiptInbox,
  ReceiptPollStore,
  ReceiptStore,
  SettingStore,
  StepStore,
  TemplateStore,
  TokenBucketStore,
  TopicStore,
  migrate,
} from '@app/persistence';
import type { Logger } from 'pino';
import type { Broadcasts } from './broadcast/broadcasts';
import { openBroadcasts } from './broadcast/open-broadcasts';
import type { Delivery } from './delivery/delivery';
import { openDelivery } from './delivery/open-delivery';
import { WordingBook } from './delivery/wording-book';
import type { DispatcherConfig } from './dispatcher.config';
import { Intake } from './intake/intake';
import { placeInstances } from './intake/place-instances';
import { StoredCatalogue } from './intake/stored-catalogue';
import { DispatcherMetrics } from './observability/dispatcher-metrics';
import { openStores } from './pipeline/open-stores';
import { DueWork } from './planning/due-work';
import { Planner } from './planning/planner';
import { RECEIPT_POLICY, ReceiptDesk } from './receipts/receipt-desk';

interface DispatcherParts {
  /** This process, as operators and other dispatchers see it. */
  owner: string;
  database: Database;
  log: EventLog;
  metrics: DispatcherMetrics;
  channels: ChannelRegistry;
  delivery: Delivery;
  planner: Planner;
  broadcasts: Broadcasts;
  dueWork: DueWork;
  receipts: ReceiptDesk;
  wording: WordingBook;
  intake: Intake;
}

/** The dispatcher itself, whole: opened by its module in production, and by tests without one. */
export class Dispatcher {
  private constructor(private readonly parts: DispatcherParts) {}

  static async open(config: DispatcherConfig, logger: Logger): Promise<Dispatcher> {
    const { databaseUrl: url, databasePoolSize: poolSize } = config;
    const forFewRows = Math.floor(poolSize / 2);
    const database = await Database.open({
      url,
      poolSize,
      forFewRows,
      applicationName: 'tidings dispatcher',
    });
    await migrate(database);
    const report = (message: string, detail: object = {}): void => logger.warn(detail, message);
    const log = createEventLog(config.eventLog, new EventLogStore(database), report);
    await log.open();
    const onTrouble = (message: string, error: unknown): void => logger.error({ error }, message);
    const process = { owner: processName(), now: () => Date.now(), random: () => Math.random(), onTrouble };
    const metrics = new DispatcherMetrics();
    const words = { templates: new TemplateStore(database), topics: new TopicStore(database) };
    const wording = new WordingBook({ ...words, metrics, onTrouble });
    const base = { database, log, metrics, wording, channels: await openChannels(config, database) };
    const sending = openSending(config, base, process);
    const onRaised = (lanes: Iterable<Lane>): void => sending.planner.wake(lanes);
    const intake = await openIntake(config, base, { ...process, onRaised });
    const receipts = new ReceiptDesk(new ReceiptStore(database, RECEIPT_POLICY), onTrouble);
    return new Dispatcher({ owner: process.owner, ...base, ...sending, receipts, intake });
  }

  get database(): Database {
    return this.parts.database;
  }

  get log(): EventLog {
    return this.parts.log;
  }

  get metrics(): DispatcherMetrics {
    return this.parts.metrics;
  }

  /** Partitions that this process reads. */
  get partitions(): number[] {
    return this.parts.intake.partitions;
  }

  /** Delivery first: what an earlier run left waiting goes out before new events make more. */
  async start(): Promise<void> {
    const { owner, database, delivery, planner, broadcasts, dueWork, receipts, wording, intake } = this.parts;
    const lanes = (lane = ''): void => delivery.wake(lane);
    const plan = (): void => planner.wake();
    await database.listen('deliveries', lanes, lanes);
    const planUnlessOurs = (origin: string): void => {
      if (origin !== owner) plan(); // ours were planned without waiting for this
    };
    await database.listen('notifications', planUnlessOurs, plan);
    const broadcast = (): void => broadcasts.wake();
    await database.listen('broadcasts', broadcast, broadcast);
    const apply = (): void => receipts.wake();
    await database.listen('receipts', apply, apply);
    const reword = (): void => void wording.refresh();
    await database.listen('wording', reword, reword);
    await wording.refresh();
    await delivery.open();
    await delivery.sweep();
    dueWork.wake();
    await intake.start();
  }

  /** Takes over what other dispatchers left behind; see `Delivery.sweep`. */
  async sweep(): Promise<void> {
    this.parts.planner.wake(); // a wake-up may have been lost with its connection, and the news must not be
    await this.parts.wording.refresh();
    await this.parts.delivery.sweep();
    await this.parts.broadcasts.sweep();
  }

  /**
   * Closes digests whose time has come, goes on where a step has reached nobody, and looks again for what receipts
   * speak of; returns at once.
   */
  turnToDue(): void {
    this.parts.dueWork.wake();
    this.parts.receipts.wake();
  }

  /** Looks after the carriers' shares; see `Delivery.review`. */
  async review(): Promise<void> {
    await this.parts.delivery.review();
  }

  /** Takes nothing new, ends what is under way, then lets go of provider, log and database, in this order. */
  async stop(): Promise<void> {
    const { database, log, channels, delivery, planner, broadcasts, dueWork, receipts, wording, intake } =
      this.parts;
    await intake.stop();
    await receipts.stop();
    await broadcasts.drain();
    await dueWork.stop();
    await planner.stop();
    await delivery.drain();
    await wording.refresh(); // faults that are not written down yet
    await channels.close();
    await log.close();
    await database.close();
  }
}

type Base = Pick<DispatcherParts, 'database' | 'log' | 'metrics' | 'wording' | 'channels'>;

interface ProcessFacts {
  owner: string;
  now: () => number;
  random: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

function processName(): string {
  return `${hostname()}:${process.pid}`;
}

async function openChannels({ channels }: DispatcherConfig, database: Database): Promise<ChannelRegistry> {
  const kept = new KeptMessageStore(database);
  const settings = new SettingStore(database);
  const vapid = await vapidKeysOf(channels.push.vapid, (name, value) => settings.keepFirst(name, value));
  const config = { ...channels, push: { ...channels.push, vapid } };
  return buildChannels(config, {
    inbox: { keep: (message) => kept.keepInInbox(message) },
    outbox: { keep: (message) => kept.keepInOutbox(message) },
  });
}

function openSending(
  config: DispatcherConfig,
  base: Base,
  process: ProcessFacts,
): Pick<DispatcherParts, 'delivery' | 'planner' | 'broadcasts' | 'dueWork'> {
  const { database, metrics, wording, channels } = base;
  const stores = {
    deliveries: new DeliveryStore(database),
    buckets: new TokenBucketStore(database),
    health: new ProviderHealthStore(database),
    receipts: new ReceiptInbox(database),
    silent: new ReceiptPollStore(database),
    contactPoints: new ContactPointHealthStore(database),
  };
  const writer = new MessageWriter(
    () => wording.current(),
    (fault) => wording.report(fault),
  );
  const delivery = openDelivery(config, { ...stores, channels, metrics, writer, ...process });
  const planner = new Planner({
    notifications: new NotificationStore(database),
    delivery,
    metrics,
    publicCarriers: publicCarriersOf(channels),
    ...process,
  });
  const dueWork = new DueWork({
    digests: new DigestStore(database),
    steps: new StepStore(database),
    ...process,
  });
  const onNotified = (): void => planner.wake();
  const { carriers } = delivery;
  const broadcasts = openBroadcasts(config, { database, carriers, writer, metrics, onNotified, ...process });
  return { delivery, planner, broadcasts, dueWork };
}

function publicCarriersOf(channels: ChannelRegistry): string[] {
  const carriers = channels.carriersOf('social').filter((carrier) => carrier.serves?.('public') ?? true);
  return carriers.map((carrier) => carrier.provider);
}

async function openIntake(
  config: DispatcherConfig,
  base: Base,
  process: ProcessFacts & { onRaised: (lanes: Iterable<Lane>) => void },
): Promise<Intake> {
  const { database, log, metrics } = base;
  const stores = openStores(database, process.owner);
  await placeInstances(stores.instances, new SettingStore(database), log);
  const catalogue = new StoredCatalogue(new MetricStore(database));
  await catalogue.open(database);
  const logName = config.eventLog.kind === 'kafka' ? `kafka:${config.eventLog.topic}` : 'postgres';
  return new Intake(log, database, { stores, log, logName, catalogue, metrics, ...process });
}

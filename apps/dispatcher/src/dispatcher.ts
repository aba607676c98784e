import { hostname } from 'node:os';
import { buildChannels, type ChannelRegistry } from '@app/channels';
import { createEventLog, type EventLog } from '@app/event-log';
import {
  AlertStore,
  Database,
  DeadLetterStore,
  DeliveryStore,
  EventLogStore,
  InstanceStore,
  KeptMessageStore,
  MetricStore,
  NotificationStore,
  PartitionStore,
  SeriesStore,
  SettingStore,
  migrate,
} from '@app/persistence';
import type { Logger } from 'pino';
import { Delivery } from './delivery/delivery';
import type { DispatcherConfig } from './dispatcher.config';
import { Intake } from './intake/intake';
import { placeInstances } from './intake/place-instances';
import { StoredCatalogue } from './intake/stored-catalogue';
import { DispatcherMetrics } from './observability/dispatcher-metrics';
import { Planner } from './planning/planner';

/** Lanes, the planner, the intake's commits and the sweep never wait for each other's connections. */
const POOL_SIZE = 24;

/** The dispatcher itself, whole: opened by its module in production, and by tests without one. */
export class Dispatcher {
  private constructor(
    readonly database: Database,
    readonly log: EventLog,
    readonly metrics: DispatcherMetrics,
    readonly delivery: Delivery,
    readonly planner: Planner,
    readonly intake: Intake,
    private readonly channels: ChannelRegistry,
  ) {}

  static async open(config: DispatcherConfig, logger: Logger): Promise<Dispatcher> {
    const database = await Database.open({
      url: config.databaseUrl,
      poolSize: POOL_SIZE,
      applicationName: 'tidings dispatcher',
    });
    await migrate(database);
    const log = createEventLog(config.eventLog, new EventLogStore(database), (message, detail) =>
      logger.warn({ detail }, message),
    );
    await log.open();
    const metrics = new DispatcherMetrics();
    const onTrouble = (message: string, error: unknown): void => logger.error({ error }, message);
    const surroundings = { now: () => Date.now(), random: () => Math.random(), onTrouble };
    const owner = `${hostname()}:${process.pid}`;
    const kept = new KeptMessageStore(database);
    const channels = buildChannels(config.channels, {
      inbox: { keep: (message) => kept.keepInInbox(message) },
      outbox: { keep: (message) => kept.keepInOutbox(message) },
    });
    const parts = { deliveries: new DeliveryStore(database), channels, metrics, ...surroundings };
    const delivery = new Delivery(
      { concurrency: config.sendConcurrency, leaseMs: config.leaseMs, owner },
      parts,
    );
    const planner = new Planner({
      notifications: new NotificationStore(database),
      delivery,
      metrics,
      ...surroundings,
    });
    const stores = {
      database,
      partitions: new PartitionStore(database),
      instances: new InstanceStore(database),
      series: new SeriesStore(database),
      deadLetters: new DeadLetterStore(database),
      alerts: new AlertStore(database),
    };
    await placeInstances(stores.instances, new SettingStore(database), log);
    const catalogue = new StoredCatalogue(new MetricStore(database));
    await catalogue.open(database);
    const logName = config.eventLog.kind === 'kafka' ? `kafka:${config.eventLog.topic}` : 'postgres';
    const intake = new Intake(log, database, {
      stores,
      log,
      logName,
      owner,
      catalogue,
      metrics,
      ...surroundings,
    });
    return new Dispatcher(database, log, metrics, delivery, planner, intake, channels);
  }

  /** Delivery first: what an earlier run left waiting goes out before new events make more. */
  async start(): Promise<void> {
    const lanes = (lane = ''): void => this.delivery.wake(lane);
    await this.database.listen('deliveries', lanes, lanes);
    await this.database.listen(
      'notifications',
      () => this.planner.wake(),
      () => this.planner.wake(),
    );
    await this.delivery.sweep();
    await this.intake.start();
  }

  /** Takes nothing new, ends what is under way, then lets go of provider, log and database, in this order. */
  async stop(): Promise<void> {
    await this.intake.stop();
    await this.planner.stop();
    await this.delivery.drain();
    await this.channels.close();
    await this.log.close();
    await this.database.close();
  }
}

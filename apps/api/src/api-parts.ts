import { createEventLog, type EventLog } from '@app/event-log';
import { ApiKeyStore, Database, EventLogStore, migrate, MetricStore } from '@app/persistence';
import type { Logger } from 'pino';
import { CustomerTokens } from './access/customer-tokens';
import { KeyRing } from './access/key-ring';
import type { ApiConfig } from './api.config';
import { StrangerLimit } from './http/stranger-limit';
import { MetricCatalogue } from './metrics-catalogue/metric-catalogue';
import { ApiMetrics } from './observability/api-metrics';

/** What must be there before HTTP is, and outlive it. */
export interface ApiParts {
  config: ApiConfig;
  logger: Logger;
  database: Database;
  log: EventLog;
  metrics: ApiMetrics;
  catalogue: MetricCatalogue;
  keys: KeyRing;
  tokens: CustomerTokens;
  strangers: StrangerLimit;
}

/** Opens them in the order of their needs; a failure closes what was opened. */
export async function openParts(config: ApiConfig, logger: Logger): Promise<ApiParts> {
  const database = await Database.open({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    applicationName: 'tidings api',
  });
  try {
    await migrate(database);
    const log = createEventLog(config.eventLog, new EventLogStore(database), (message, detail) =>
      logger.warn(detail, message),
    );
    await log.open();
    const catalogue = new MetricCatalogue(new MetricStore(database), database);
    await catalogue.start();
    const keys = new KeyRing(new ApiKeyStore(database));
    const { admin, system } = config.bootstrapKeys;
    if (admin) await keys.adopt('bootstrap: admin', admin, ['admin']);
    if (system) {
      await keys.adopt('bootstrap: system', system, [
        'events:write',
        'customers:write',
        'customers:read',
        'metrics:write',
      ]);
    }
    const tokens = new CustomerTokens(config.jwt);
    const strangers = new StrangerLimit(config.limits.requestsPerStranger);
    return { config, logger, database, log, metrics: new ApiMetrics(), catalogue, keys, tokens, strangers };
  } catch (error) {
    await database.close();
    throw error;
  }
}

export async function closeParts({ log, database }: ApiParts): Promise<void> {
  await log.close();
  await database.close();
}

import 'reflect-metadata';
import { createLogger } from '@app/observability';
import { createApi } from './api';
import { readConfig } from './api.config';

async function main(): Promise<void> {
  const read = readConfig();
  if (!read.ok) {
    process.stderr.write(
      `The API cannot start:\n${read.problems.map((problem) => `  ${problem}\n`).join('')}`,
    );
    process.exit(1);
  }
  const logger = createLogger('api', read.config.logLevel);
  const app = await createApi(read.config, logger);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  // Started by a supervisor: when that is gone, however it went, nobody would ever stop this process.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await app.listen(read.config.port, read.config.host);
  logger.info({ url: await app.getUrl() }, 'api is ready');
}

main().catch((error: unknown) => {
  createLogger('api', 'info').fatal({ error }, 'the API could not start');
  process.exit(1);
});

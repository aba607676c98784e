import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { NestLog, createLogger } from '@app/observability';
import { readConfig } from './dispatcher.config';
import { DispatcherModule } from './dispatcher.module';

async function main(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- the one place where the environment enters
  const read = readConfig(process.env);
  if (!read.ok) {
    process.stderr.write(
      `The dispatcher cannot start:\n${read.problems.map((problem) => `  ${problem}\n`).join('')}`,
    );
    process.exit(1);
  }
  const logger = createLogger('dispatcher', read.config.logLevel);
  const app = await NestFactory.create(DispatcherModule.with(read.config, logger), {
    logger: new NestLog(logger),
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  // Started by a supervisor: when that is gone, however it went, nobody would ever stop this process.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await app.listen(read.config.port, read.config.host);
  logger.info({ url: await app.getUrl() }, 'dispatcher is ready');
}

main().catch((error: unknown) => {
  createLogger('dispatcher', 'info').fatal({ error }, 'the dispatcher could not start');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
});

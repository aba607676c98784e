import { createLogger } from '@app/observability';
import { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { readConfig } from '../../apps/dispatcher/src/dispatcher.config';

/** The real dispatcher in this process, on a database and event log of the test's own. */
export async function startDispatcher(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<Dispatcher> {
  const read = readConfig({
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    EVENT_LOG_PARTITIONS: '2',
    ...env,
  });
  if (!read.ok) throw new Error(read.problems.join('; '));
  const dispatcher = await Dispatcher.open(read.config, createLogger('dispatcher', read.config.logLevel));
  await dispatcher.start();
  return dispatcher;
}

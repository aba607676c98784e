import { rm } from 'node:fs/promises';
import { running } from './running-servers';

// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalTeardown(): Promise<void> {
  await running.stopKafka?.();
  await running.postgres?.stop();
  if (running.folder) await rm(running.folder, { recursive: true, force: true });
}

import type { EmbeddedPostgres } from '../../libs/persistence/src';

/** What global-setup started and global-teardown must end; both run in the same process. */
export const running: {
  postgres?: EmbeddedPostgres;
  folder?: string;
  stopKafka?: () => Promise<void>;
} = {};

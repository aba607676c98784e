export { Database } from './database';
export type { DatabaseOptions, Queryable } from './database';
export { migrate } from './migrate';
export { startEmbeddedPostgres } from './embedded-postgres';
export type { EmbeddedPostgres } from './embedded-postgres';

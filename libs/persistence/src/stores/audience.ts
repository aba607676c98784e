import type { Relation } from '@app/contracts';

/**
 * Whom a service alert concerns.
 * - `everyone`: all customers
 * - `topic`: who follows the topic: has switched it on on some channel, or has an active rule under it
 * - `subjects`: who owns or follows one of the subjects
 */
export type Audience =
  | { kind: 'everyone' }
  | { kind: 'topic'; topic: string }
  | { kind: 'subjects'; subjects: string[]; relations: Relation[] };

/** A query of the audience's customer ids in column `id`, each once; its parameters follow those the caller has. */
export function audienceQuery(audience: Audience, taken: number): { sql: string; values: unknown[] } {
  const first = `$${taken + 1}`;
  switch (audience.kind) {
    case 'everyone':
      return { sql: 'select id from customers', values: [] };
    case 'topic':
      return {
        sql: `select customer_id as id from preferences where topic = ${first} and enabled
          union select customer_id from rules where topic = ${first} and status = 'active'`,
        values: [audience.topic],
      };
    case 'subjects':
      return {
        sql: `select distinct customer_id as id from holdings
          where subject = any(${first}::text[]) and relation = any($${taken + 2}::text[])`,
        values: [audience.subjects, audience.relations],
      };
    default:
      return audience satisfies never;
  }
}

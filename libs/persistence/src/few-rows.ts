import { Pool } from 'pg';

/** Above it, a plan made for the very figures is worth its time. */
const FEW = 64;

/**
 * Postgres makes the plan of a prepared statement anew for each call as long as it believes that this pays. For the
 * statements between an event and its message it always believed so and never was right: of the processor time that one
 * alert took there, planning was 3 parts of 4 (the commit 0.47 ms planned and 0.17 ms run, who stands behind an alert 0.58
 * and 0.04, whose it is 0.93 and 0.07, its plan 0.70 and 0.33; least times of 700 calls and more).
 *
 * So statements about few rows have connections of their own, where each is planned once, by indexes and nested loops alone:
 * right for few rows however the tables have grown since. Without that, a plan made while tables were empty read them whole
 * ever after, and was ten times slower.
 */
const PLANNED_ONCE = ['hashjoin', 'mergejoin', 'seqscan']
  .map((way) => `set enable_${way} = off; `)
  .concat('set jit = off; set plan_cache_mode = force_generic_plan')
  .join('');

export function isFew(rows: number): boolean {
  return rows <= FEW;
}

/** @param connections at most */
export function openFewRowsPool(
  { url, applicationName }: { url: string; applicationName: string },
  connections: number,
): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    onConnect: (client) => client.query(PLANNED_ONCE) as unknown as void, // awaited, though its type does not say so
  });
  pool.on('error', () => undefined); // reported by the query that meets it; unheard, it would end the process
  return pool;
}

/** A server that does not answer is as good as gone; without it a half-open connection would hold its user for hours. */
export const CONNECT_TIMEOUT_MS = 10_000;

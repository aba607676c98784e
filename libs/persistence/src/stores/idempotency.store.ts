import type { Database } from '../database';

/** What is known of an earlier request with the same key. */
export type EarlierRequest =
  | { kind: 'none' }
  | { kind: 'running' }
  | { kind: 'otherRequest' }
  | { kind: 'answered'; status: number; body: unknown };

/** Hours that an answer is kept for; housekeeping removes it later. */
const KEPT_HOURS = 24;
/** Seconds after which a request without an answer is taken to have died with its process. */
const DEAD_AFTER_S = 60;

/** Answers by idempotency key, so that a repeated request does its work once. */
export class IdempotencyStore {
  constructor(private readonly database: Database) {}

  /** `none` means that the caller now holds the key and must either `keep` an answer or `release` it. */
  async claim(principal: string, key: string, requestHash: string): Promise<EarlierRequest> {
    const claimed = await this.database.query(
      `insert into idempotency_records as r (principal, key, request_hash) values ($1, $2, $3)
       on conflict (principal, key) do update
         set request_hash = excluded.request_hash, status = null, body = null, created_at = now()
         where r.created_at < now() - interval '${KEPT_HOURS} hours'
           or r.status is null and r.created_at < now() - interval '${DEAD_AFTER_S} seconds' and r.request_hash = $3
       returning 1`,
      [principal, key, requestHash],
    );
    if (claimed.length > 0) return { kind: 'none' };
    const [row] = await this.database.query<{
      requestHash: string;
      status: number | null;
      body: string | null;
    }>(
      `select request_hash as "requestHash", status, body from idempotency_records where principal = $1 and key = $2`,
      [principal, key],
    );
    if (!row) return this.claim(principal, key, requestHash);
    if (row.requestHash !== requestHash) return { kind: 'otherRequest' };
    return row.status === null
      ? { kind: 'running' }
      : { kind: 'answered', status: row.status, body: row.body === null ? undefined : JSON.parse(row.body) };
  }

  /** The body is kept as the text of its JSON, since jsonb refuses what JSON allows (a NUL). */
  async keep(principal: string, key: string, status: number, body: unknown): Promise<void> {
    await this.database.query(
      `update idempotency_records set status = $3, body = $4 where principal = $1 and key = $2`,
      [principal, key, status, body === undefined ? null : JSON.stringify(body)],
    );
  }

  /** Nothing was done: the same key may try again. */
  async release(principal: string, key: string): Promise<void> {
    await this.database.query(
      `delete from idempotency_records where principal = $1 and key = $2 and status is null`,
      [principal, key],
    );
  }
}

import type { Database } from '../database';

export interface ApiKey {
  keyId: string;
  title: string;
  lastFour: string;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Keys of systems and admins. Only the SHA-256 of a key is kept; the key itself is shown once. */
export class ApiKeyStore {
  constructor(private readonly database: Database) {}

  /** Does nothing if a key with this hash is there, revoked or not. */
  async create(
    key: Pick<ApiKey, 'keyId' | 'title' | 'lastFour' | 'scopes'> & { hash: string },
  ): Promise<void> {
    await this.database.query(
      `insert into api_keys (id, title, hash, last_four, scopes) values ($1, $2, $3, $4, $5) on conflict (hash) do nothing`,
      [key.keyId, key.title, key.hash, key.lastFour, key.scopes],
    );
  }

  /** The living key with this hash, whose use it notes to the minute. */
  async findLiving(hash: string): Promise<ApiKey | null> {
    const [row] = await this.database.query<ApiKey>(
      `with used as (
         update api_keys set last_used_at = now()
         where hash = $1 and revoked_at is null and (last_used_at is null or last_used_at < now() - interval '1 minute'))
       ${KEYS} where hash = $1 and revoked_at is null`,
      [hash],
    );
    return row ?? null;
  }

  /** Newest first, before the given place. */
  async list(before: string | null, limit: number): Promise<(ApiKey & { cursor: string })[]> {
    const [at, id] = before?.split(' ') ?? ['infinity', '00000000-0000-0000-0000-000000000000'];
    return this.database.query(
      `${KEYS} where (created_at, id) < ($1::timestamptz, $2::uuid) order by created_at desc, id desc limit $3`,
      [at, id, limit],
    );
  }

  async find(keyId: string): Promise<ApiKey | null> {
    const [row] = await this.database.query<ApiKey>(`${KEYS} where id = $1`, [keyId]);
    return row ?? null;
  }

  /** @returns false if there is no such key; revoking twice is fine */
  async revoke(keyId: string): Promise<boolean> {
    const rows = await this.database.query(
      `update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1 returning 1`,
      [keyId],
    );
    return rows.length > 0;
  }
}

const KEYS = `select id as "keyId", title, last_four as "lastFour", scopes, created_at as "createdAt",
    last_used_at as "lastUsedAt", revoked_at as "revokedAt",
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || id as cursor
  from api_keys`;

import { createHash } from 'node:crypto';
import type { Database, Queryable } from '../database';

/** What somebody did about consent. No address stands in it: ids say which. */
export interface AuditNote {
  /** `customer:ID`, `key:ID`, `link:ID of the customer`, `provider:NAME` or `system`. */
  actor: string;
  /** A stable word, `noun.verb`. */
  action: string;
  customerId: string | null;
  detail: Readonly<Record<string, unknown>>;
}

export interface AuditEntry extends AuditNote {
  id: number;
  at: Date;
  hash: string;
  /** Set once its customer was erased: the entry then shows no more than that it was. */
  erasedAt: Date | null;
}

/** `head` is the hash of the last entry: noted elsewhere, it shows whether the end was cut off. */
export interface ChainVerdict {
  entries: number;
  head: string;
  /** The first entry that does not follow from the one before it, or whose content is another; null: none. */
  brokenAt: number | null;
}

/** Any number that nobody else locks. */
const CHAIN = 7_305_410_042;
const START_OF_CHAIN = '0'.repeat(64);
const PAGE = 1_000;

/**
 * Adds to the chain. Meant to be a transaction's last act: it waits for every other transaction that has done so.
 */
export async function audit(transaction: Queryable, notes: readonly AuditNote[]): Promise<void> {
  if (notes.length === 0) return;
  await transaction.query('select pg_advisory_xact_lock($1)', [CHAIN]);
  const [last] = await transaction.query<{ hash: string }>(
    'select hash from audit_entries order by id desc limit 1',
  );
  let hash = last?.hash ?? START_OF_CHAIN;
  const at = new Date();
  for (const note of notes) {
    const content = contentHash(note);
    hash = chained(hash, at, note.action, content);
    await transaction.query(
      `insert into audit_entries (at, actor, action, customer_id, detail, content_hash, hash)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [at, note.actor, note.action, note.customerId, JSON.stringify(note.detail), content, hash],
    );
  }
}

/** Takes a customer out of the chain without breaking it: what remains is that something was done, and when. */
export async function eraseFromAudit(transaction: Queryable, customerId: string): Promise<void> {
  await transaction.query(
    `update audit_entries set customer_id = null, actor = 'erased', detail = '{}', erased_at = now()
     where customer_id = $1`,
    [customerId],
  );
}

/** Who did what about consent, each entry chained to the one before. */
export class AuditStore {
  constructor(private readonly database: Database) {}

  async add(note: AuditNote): Promise<void> {
    await this.database.transaction((transaction) => audit(transaction, [note]));
  }

  /** Newest first, below the given id. */
  async list(customerId: string | null, before: number, limit: number): Promise<AuditEntry[]> {
    return this.database.query<AuditEntry>(
      `select ${SHOWN} from audit_entries where id < $1 and ($2::text is null or customer_id = $2) order by id desc limit $3`,
      [before, customerId, limit],
    );
  }

  /** Recomputes every hash from the first entry on. */
  async verify(): Promise<ChainVerdict> {
    let head = START_OF_CHAIN;
    let entries = 0;
    for (let after = 0; ;) {
      const page = await this.database.query<AuditEntry & { contentHash: string }>(
        `select ${SHOWN}, content_hash as "contentHash" from audit_entries where id > $1 order by id limit $2`,
        [after, PAGE],
      );
      for (const entry of page) {
        if (!follows(entry, head)) return { entries, head, brokenAt: entry.id };
        head = entry.hash;
        entries += 1;
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return { entries, head, brokenAt: null };
      after = last.id;
    }
  }
}

const SHOWN = `id, at, actor, action, customer_id as "customerId", detail, hash, erased_at as "erasedAt"`;

function follows(entry: AuditEntry & { contentHash: string }, before: string): boolean {
  if (entry.erasedAt === null && entry.contentHash !== contentHash(entry)) return false;
  return entry.hash === chained(before, entry.at, entry.action, entry.contentHash);
}

function contentHash({ actor, customerId, detail }: AuditNote): string {
  return sha256(JSON.stringify([actor, customerId, ordered(detail)]));
}

function chained(before: string, at: Date, action: string, content: string): string {
  return sha256([before, at.toISOString(), action, content].join('\n'));
}

/** Postgres gives an object's members back in an order of its own. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, ordered(member)]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import type { HistoryChunk } from '@app/rules';
import type { Queryable } from '../database';

/** A chunk of one series, ready to be written. */
export interface SeriesChunk extends HistoryChunk {
  metric: string;
  subject: string;
}

/** As JSON carries it; see `INSERT_HISTORY`. */
export function historyRow({ points, ...chunk }: SeriesChunk): object {
  return { ...chunk, points: Buffer.from(points).toString('base64') };
}

/**
 * Adds chunks, `rows` being a JSON text of `historyRow`s. Two of one series may begin in the same millisecond: encoded
 * points are made to be appended to each other.
 * @param from what precedes the rows in the from clause, with its comma
 */
export function insertHistory(rows: string, from = ''): string {
  return `insert into history (metric, subject, from_at, to_at, points, count)
    select h.metric, h.subject, to_timestamp(h."fromAt" / 1000.0), to_timestamp(h."toAt" / 1000.0),
      decode(h.points, 'base64'), h.count
    from ${from} json_to_recordset(${rows}) as h (metric text, subject text, "fromAt" float8, "toAt" float8,
      points text, count int)
    on conflict (metric, subject, from_at) do update set points = history.points || excluded.points,
      count = history.count + excluded.count, to_at = greatest(history.to_at, excluded.to_at)`;
}

/** What series stood at in the past, in chunks, in the order of the log. Written with a checkpoint. */
export class HistoryStore {
  constructor(private readonly database: Queryable) {}

  /** @param chunks of different series, or of different times */
  async add(chunks: readonly SeriesChunk[]): Promise<void> {
    await this.database.query(insertHistory('$1'), [JSON.stringify(chunks.map(historyRow))]);
  }

  /**
   * The chunks of a series that end at `since` or later on the log's clock, in order; see `decodePoints`.
   * @param since epoch ms
   * @param most the latest chunks only, until they hold so many points; null: all of them
   */
  async chunks(
    metric: string,
    subject: string,
    since: number,
    most: number | null = null,
  ): Promise<Uint8Array[]> {
    const rows = await this.database.query<{ points: Buffer }>(CHUNKS, [metric, subject, since, most]);
    return rows.map(({ points }) => points);
  }
}

const CHUNKS = `select h.points from history h join (
    select from_at, sum(count) over (order by from_at desc) - count as later from history
    where metric = $1 and subject = $2 and to_at >= to_timestamp($3 / 1000.0)) c on c.from_at = h.from_at
  where h.metric = $1 and h.subject = $2 and ($4::bigint is null or c.later < $4)
  order by h.from_at`;

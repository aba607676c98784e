import type { Database } from '../database';

/** A time in which alerts of a metric, a subject, both, or everything (both null) are not told. */
export interface MaintenanceWindow {
  maintenanceWindowId: string;
  title: string;
  metric: string | null;
  subject: string | null;
  startsAt: Date;
  endsAt: Date;
  createdAt: Date;
}

/** The admins' maintenance windows; whoever tells of an alert reads those that are open then. */
export class MaintenanceStore {
  constructor(private readonly database: Database) {}

  /** Adding the same id again changes nothing. */
  async add(window: Omit<MaintenanceWindow, 'createdAt'>): Promise<void> {
    const { maintenanceWindowId, title, metric, subject, startsAt, endsAt } = window;
    await this.database.query(
      `insert into maintenance_windows (id, title, metric, subject, starts_at, ends_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
      [maintenanceWindowId, title, metric, subject, startsAt, endsAt],
    );
  }

  async find(maintenanceWindowId: string): Promise<MaintenanceWindow | null> {
    const [row] = await this.database.query<MaintenanceWindow>(`${WINDOWS} where id = $1`, [
      maintenanceWindowId,
    ]);
    return row ?? null;
  }

  /** The latest end first, before the given place. */
  async list(before: string | null, limit: number): Promise<(MaintenanceWindow & { cursor: string })[]> {
    const [at, id] = before?.split(' ') ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    return this.database.query(
      `${WINDOWS} where (ends_at, id) < ($1::timestamptz, $2::uuid) order by ends_at desc, id desc limit $3`,
      [at, id, limit],
    );
  }

  /**
   * The dispatchers are told of the rules that it may have held back. Should they miss it, those are told at the end that
   * was announced.
   * @returns false if there is no such window
   */
  async remove(maintenanceWindowId: string): Promise<boolean> {
    const [row] = await this.database.query<{ removed: number }>(REMOVE, [maintenanceWindowId]);
    return row?.removed === 1;
  }
}

const REMOVE = `with removed as (delete from maintenance_windows where id = $1 returning metric, subject),
  held as (
    select distinct i.rule_id from removed w join rule_instances i on w.subject is null or w.subject = i.subject
    join rules r on r.id = i.rule_id
    where i.notice_due_at is not null and (w.metric is null or w.metric = r.metric))
  select (select count(*) from removed)::int as removed,
    (select count(pg_notify('rule_changed', rule_id::text)) from held) as told`;

const WINDOWS = `select id as "maintenanceWindowId", title, metric, subject, starts_at as "startsAt",
    ends_at as "endsAt", created_at as "createdAt",
    to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || id as cursor
  from maintenance_windows`;

import type { Database } from '../database';

/** The order of channels of a notification goes on where an earlier step has not reached its goal. */
export class StepStore {
  constructor(private readonly database: Pick<Database, 'query'>) {}

  /**
   * Ends the steps whose goal was met, and returns the others to the planner: those that are due, and at once those whose
   * every delivery has come to nothing. Each row is taken by one caller, and taking it and what follows are one statement.
   * @param now epoch ms
   * @returns how many ended and how many went on
   */
  async advance(now: number, limit: number): Promise<{ met: number; advanced: number }> {
    const [row] = await this.database.query<{ met: number; advanced: number }>(ADVANCE, [now, limit]);
    return { met: row?.met ?? 0, advanced: row?.advanced ?? 0 };
  }
}

const CAME_TO_NOTHING = `('failed', 'expired', 'withdrawn', 'cancelled')`;

/**
 * Candidates come from two small indexes: what is due, and deliveries that came to nothing and are followed. In an inbox a
 * message always arrives, so only its reading counts. What was seen counts on whatever step it was sent; a mere acceptance
 * or arrival only for the step whose goal it is: that of the step before had another goal, and did not meet it.
 */
const ADVANCE = `with due as (
    select notification_id from delivery_steps where due_at <= to_timestamp($1::float8 / 1000.0) order by due_at limit $2),
  failing as (
    select distinct f.notification_id from deliveries f join delivery_steps s on s.notification_id = f.notification_id
    where f.followed and f.state in ${CAME_TO_NOTHING}
      and not exists (select 1 from deliveries d where d.notification_id = f.notification_id and d.followed
        and d.channel <> 'inbox' and d.state not in ${CAME_TO_NOTHING})
      and not exists (select 1 from digest_items i where i.notification_id = f.notification_id and i.outcome is null)
    limit $2),
  taken as (
    select s.notification_id, s.next_step, s.stop_on from delivery_steps s join notifications n on n.id = s.notification_id
    where s.notification_id in (select notification_id from due union select notification_id from failing)
      and n.planned_at is not null
    for update of s, n skip locked),
  met as (
    select t.notification_id, t.stop_on from taken t where exists (
      select 1 from deliveries d left join inbox_messages i on i.delivery_id = d.id
      where d.notification_id = t.notification_id and (i.read_at is not null or d.receipt = 'seen'
        or d.followed and d.channel <> 'inbox' and case t.stop_on
          when 'accepted' then d.state = 'accepted' when 'delivered' then d.receipt = 'delivered' end))),
  ended as (
    delete from delivery_steps s using taken t where s.notification_id = t.notification_id),
  unfollowed as (
    update deliveries d set followed = false from taken t where d.notification_id = t.notification_id and d.followed),
  noted as (
    insert into decisions (notification_id, decision, reason) select notification_id, 'stopped', stop_on from met),
  advanced as (
    update notifications n set planned_at = null, replanned_at = now(), step = t.next_step
    from taken t where n.id = t.notification_id and t.notification_id not in (select notification_id from met)
    returning n.id)
  select (select count(*) from met)::int as met, (select count(*) from advanced)::int as advanced,
    (select count(pg_notify('notifications', '')) from (select 1 from advanced limit 1) as one) as woken`;

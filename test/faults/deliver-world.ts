import type { Database } from '@app/persistence';
import { eventually } from '../harness/eventually';
import type { TwilioFields } from '../harness/providers/twilio-server';
import type { Received } from '../harness/providers/provider-server';
import type { FaultLine } from './fault-line';

/** So many customers with one telephone each. */
export async function makePeople(database: Database, people: number): Promise<void> {
  await database.query(
    `with people as (
       insert into customers (id, name, time_zone, language)
       select 'c' || i, 'Customer', 'UTC', 'en' from generate_series(1, $1::int) i returning id)
     insert into contact_points (id, customer_id, channel, address, verified_at)
     select md5('p' || id)::uuid, id, 'sms', '+155502' || lpad(substr(id, 2), 5, '0'), now() from people`,
    [people],
  );
}

/** One alert for each customer, which says the number of the run; a Postgres that is away is asked again. */
export async function notify(database: Database, run: number): Promise<void> {
  const facts = {
    alertId: 'a',
    ruleId: 'r',
    ruleTitle: '',
    condition: 'falls below 100',
    metric: 'run.number',
    metricTitle: 'run',
    unit: '',
    scale: 0,
    subject: 'runs:all',
    value: run + 1,
    at: 0,
    openedAt: 0,
  };
  await insist(() =>
    database.query(
      `insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
       select md5($1 || ':' || id)::uuid, id, 'alerts', (array['urgent', 'normal', 'bulk'])[1 + abs(hashtext(id)) % 3], '{sms}',
         'alertFired', $2::jsonb, now() from customers
       on conflict do nothing`,
      [String(run), JSON.stringify(facts)],
    ),
  );
  await insist(() => database.query(`select pg_notify('notifications', '')`));
}

/** Cuts waits between tries to nothing; leases keep their time. */
export async function letWaitsBeOver(database: Database): Promise<void> {
  await insist(() => database.query(`update deliveries set not_before = now() where state = 'retry'`));
  await insist(() => database.query(`select pg_notify('deliveries', '')`));
}

export async function unfinished(database: Database): Promise<number> {
  const rows = await insist(() =>
    database.query<{ n: number }>(
      `select (select count(*) from notifications where planned_at is null)
         + (select count(*) from deliveries where state in ('pending', 'retry', 'sending')) as n`,
    ),
  );
  return rows[0]?.n ?? 0;
}

type Counted = Pick<FaultLine, 'expected' | 'lost' | 'doubled' | 'ambiguous' | 'unmarkedDoubles'>;

/** Holds what the provider has taken in against what was to be sent. */
export async function count(
  database: Database,
  accepted: readonly Received<TwilioFields>[],
): Promise<Counted> {
  const copies = countCopies(accepted);
  const sent = await database.query<{ to: string; run: number; marked: boolean | null }>(
    `select p.address as "to", (n.facts ->> 'value')::int as run, d.duplicate_possible as marked
     from notifications n join contact_points p on p.customer_id = n.customer_id
     left join deliveries d on d.notification_id = n.id`,
  );
  const counted = { expected: sent.length, lost: 0, doubled: 0, ambiguous: 0, unmarkedDoubles: 0 };
  for (const { to, run, marked } of sent) {
    const copiesOf = copies.get(`${to}:${run}`) ?? 0;
    if (copiesOf === 0) counted.lost += 1;
    if (copiesOf > 1) counted.doubled += 1;
    if (marked) counted.ambiguous += 1;
    else if (copiesOf > 1) counted.unmarkedDoubles += 1;
  }
  return counted;
}

/** By number and run. */
function countCopies(accepted: readonly Received<TwilioFields>[]): Map<string, number> {
  const copies = new Map<string, number>();
  for (const { fields } of accepted) {
    const run = /\bis now (\d+)\b/.exec(fields?.Body ?? '')?.[1];
    const key = `${fields?.To}:${run}`;
    copies.set(key, (copies.get(key) ?? 0) + 1);
  }
  return copies;
}

async function insist<T>(work: () => Promise<T>): Promise<T> {
  const done = await eventually(
    () =>
      work().then(
        (value) => ({ value }),
        () => null,
      ),
    (answer) => answer !== null,
    60_000,
  );
  return (done as { value: T }).value;
}

import { randomUUID } from 'node:crypto';
import { ServiceAlertStore, type Database } from '@app/persistence';

/** So many customers with a verified address each, and a topic that is mailed and nothing else. */
export async function fillCrowd(database: Database, people: number): Promise<void> {
  await database.query(
    `insert into topics (name, policy) values ('news', '{"topic": "news", "channels": ["email"], "onAmbiguous": "hold"}')`,
  );
  await database.query(
    `insert into customers (id, name, time_zone, language)
     select 'c' || lpad(i::text, 7, '0'), 'Ada Lovelace ' || i, 'Europe/Berlin', 'en' from generate_series(1, $1::int) i`,
    [people],
  );
  await database.query(
    `insert into contact_points (id, customer_id, channel, address, verified_at)
     select gen_random_uuid(), id, 'email', id || '@customers.example', now() from customers`,
  );
  await database.query('vacuum analyze customers, contact_points');
}

/** Drafts and confirms one service alert to everybody, as the API does. @returns its id */
export async function confirmToAll(database: Database): Promise<string> {
  const store = new ServiceAlertStore(database);
  const serviceAlertId = randomUUID();
  const title = 'Card payments are slow';
  const text =
    'Since 09:40 some card payments take up to a minute.\nYour money is safe. We write again at noon.';
  const audience = { kind: 'everyone' } as const;
  const rest = { severity: 'warning', topic: 'news', publicPost: false, createdBy: 'bench' } as const;
  await store.create({ serviceAlertId, title, text, audience, ...rest });
  const { kind } = await store.confirm(serviceAlertId, await store.countPeople(audience));
  if (kind !== 'confirmed') throw new Error(`not confirmed: ${kind}`);
  return serviceAlertId;
}

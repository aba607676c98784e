import type { EventLog } from '@app/event-log';
import type { Database } from '@app/persistence';

/** Five rules on each account, their thresholds spread so that only one is near the value. */
export const RULES_PER_SUBJECT = 5;
/** One account in so many goes over a threshold in each round, and comes back in the next. */
const CALM_PER_EXCURSION = 200;

const METRIC = 'account.balance';
const BASE = 50_000;

/** Metric, customers and rules, with states as after each account's first event. */
export async function fillWorld(database: Database, log: EventLog, count: number): Promise<void> {
  const subjects = Array.from({ length: count }, (_, i) => subjectOf(i));
  await database.transaction(async (transaction) => {
    // All keys are right by construction: a million look-ups each way are most of the time that this takes.
    await transaction.query('set local session_replication_role = replica');
    await transaction.query(
      `insert into metrics (name, title, unit, scale, kind, visibility)
       values ($1, 'balance', 'EUR', 2, 'gauge', 'owned')`,
      [METRIC],
    );
    await transaction.query(
      `insert into customers (id, name, time_zone, language) select 'c' || i, 'Customer ' || i, 'UTC', 'en'
       from generate_series(0, $1::int - 1) i`,
      [count],
    );
    await transaction.query(
      `insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create,
         topic, notify_recovery, status)
       select ${RULE_ID}, 'c' || i, '', $2, 'above', $3::bigint + k * 1000, 'listed', 'recurring',
         'fireIfBreached', 'alerts', true, 'active'
       from generate_series(0, $1::int - 1) i, generate_series(1, $4::int) k`,
      [count, METRIC, BASE, RULES_PER_SUBJECT],
    );
    await transaction.query(
      `insert into rule_instances (rule_id, subject, partition, condition_version, state)
       select ${RULE_ID}, s.subject, s.partition, 1, 'ok'
       from unnest($1::text[], $2::int[]) with ordinality as s (subject, partition, nth),
         lateral (select (nth - 1)::int as i), generate_series(1, $3::int) k`,
      [subjects, subjects.map((subject) => log.partitionOf(subject)), RULES_PER_SUBJECT],
    );
  });
  await database.query('analyze');
}

/** In the order in which they are inserted, so that the index grows at its end. */
const RULE_ID = `lpad(to_hex(i * 8 + k), 32, '0')::uuid`;

/** Forgets what a run did, so that the next one reads the same topic from its beginning with the same states. */
export async function resetWorld(database: Database): Promise<void> {
  await database.query(
    'truncate notifications, alerts, series, history, partition_offsets, dead_letters cascade',
  );
  await database.query(
    `update rule_instances set state = 'ok', armed = true, transition_seq = 0, condition_version = 1 where state <> 'ok' or transition_seq <> 0`,
  );
  await database.query('vacuum analyze rule_instances');
}

/**
 * Event number `n`, about 150 bytes. Values wander between thresholds without touching one; in each round through
 * the accounts one of two hundred goes over one, and those of the round before come back: one event in a hundred is
 * a transition.
 */
export function roadEvent(n: number, subjects: number): { key: string; value: string } {
  const round = Math.floor(n / subjects);
  const account = n % subjects;
  const isOver = (account + round) % CALM_PER_EXCURSION === 0;
  const cents = isOver ? BASE + 1_500 : BASE + 100 + ((n * 7_919) % 800);
  const key = subjectOf(account);
  const time = new Date(1_750_000_000_000 + n).toISOString();
  const value = `{"id":"e${n}","source":"core-banking","metric":"${METRIC}","subject":"${key}","value":"${(cents / 100).toFixed(2)}","time":"${time}"}`;
  return { key, value };
}

function subjectOf(account: number): string {
  return `account:${account}`;
}

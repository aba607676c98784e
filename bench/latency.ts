import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { KafkaEventLog } from '@app/event-log';
import { FakeTwilio, TWILIO_ACCOUNT } from '../test/harness/providers/twilio-server';
import { install, type Installation } from './installation';
import { measureFloor, type Floor } from './latency-floor';
import { numberOption } from './options';
import { percentile } from './percentile';
import { judged, type Report } from './report';

const EVENTS_PER_SECOND = numberOption('rate', 500);
const ONE_ALERT_IN = 10;
const SECONDS = 40;
/** A broker that was started a moment ago spends one of two cores on compiling itself. */
const WARM_UP_SECONDS = 20;
const EVENTS = EVENTS_PER_SECOND * SECONDS;
const ALERTS = EVENTS / ONE_ALERT_IN;
const MAIN = resolve('dist/apps/dispatcher/apps/dispatcher/src/main.js');

/**
 * From the append in Kafka until the provider's server has the whole request, through the real dispatcher in a
 * process of its own and the official SDK, against the sum of what the way cannot do without.
 */
export const latency = {
  name: 'latency',
  async run(report: Report): Promise<void> {
    const installation = await install();
    const twilio = await new FakeTwilio().start();
    try {
      const waits = await measureWay(installation, twilio);
      const floor = await measureFloor(installation);
      tell(report, floor, waits);
    } finally {
      await twilio.stop();
      await installation.end();
    }
  },
};

function tell(report: Report, floor: Floor, waits: number[]): void {
  const against = 'bare produce-consume + one commit + one HTTP call';
  const at = `${EVENTS_PER_SECOND} events/s,`;
  const base = { bench: 'latency', unit: 'ms', better: 'lower' } as const;
  report(
    judged({
      ...base,
      case: `${at} p50`,
      ours: percentile(waits, 0.5),
      against,
      theirs: floor.p50,
      goal: 1 / 2,
    }),
  );
  report(judged({ ...base, case: `${at} p99`, ours: percentile(waits, 0.99), goal: 150 }));
  report(judged({ ...base, case: `${at} max`, ours: Math.max(...waits), goal: 1_000 }));
}

async function measureWay(installation: Installation, twilio: FakeTwilio): Promise<number[]> {
  const topic = `latency-${process.pid}`;
  const log = new KafkaEventLog({
    brokers: installation.brokers,
    clientId: 'bench',
    topic,
    groupId: 'unused',
    partitions: 8,
  });
  await log.open();
  await fillWorld(installation, log);
  const dispatcher = await startDispatcher(installation, topic, twilio.url);
  try {
    const sentAt = await publish(log);
    await twilio.until((received) => received.length >= ALERTS, 60_000);
    return twilio.accepted.flatMap(({ fields, at }) => {
      const alert = Number(fields?.To?.slice(-5));
      const measured = alert >= (WARM_UP_SECONDS * EVENTS_PER_SECOND) / ONE_ALERT_IN;
      return measured ? [at - (sentAt[alert] ?? Number.NaN)] : [];
    });
  } finally {
    dispatcher.kill('SIGTERM');
    await new Promise((done) => dispatcher.once('exit', done));
    await log.close();
  }
}

/** One customer, one phone, one rule for each alert that will be. */
async function fillWorld({ database }: Installation, log: KafkaEventLog): Promise<void> {
  const subjects = Array.from({ length: ALERTS }, (_, i) => `account:${i}`);
  await database.query(
    `insert into metrics (name, title, unit, scale, kind, visibility) values ('account.balance', 'balance', 'EUR', 2, 'gauge', 'owned')`,
  );
  await database.query(
    `with people as (insert into customers (id, name, time_zone, language)
       select 'c' || i, 'Customer', 'UTC', 'en' from generate_series(0, $1::int - 1) i returning id),
     phones as (insert into contact_points (id, customer_id, channel, address, verified_at)
       select md5('p' || id)::uuid, id, 'sms', '+155501' || lpad(substr(id, 2), 5, '0'), now() from people)
     insert into rules (id, customer_id, title, metric, operator, threshold, subject_kind, lifecycle, on_create, topic, channels,
       notify_recovery, status)
     select md5('r' || id)::uuid, id, '', 'account.balance', 'below', 10000, 'listed', 'recurring', 'fireIfBreached', 'alerts',
       '{sms}', false, 'active' from people`,
    [ALERTS],
  );
  await database.query(
    `insert into rule_instances (rule_id, subject, partition)
     select md5('rc' || (i - 1))::uuid, subject, partition
     from unnest($1::text[], $2::int[]) with ordinality as s (subject, partition, i)`,
    [subjects, subjects.map((subject) => log.partitionOf(subject))],
  );
}

async function startDispatcher(
  { brokers, databaseUrl }: Installation,
  topic: string,
  twilioUrl: string,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_TOPIC: topic,
      DISPATCHER_PORT: '0',
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0],
      TWILIO_BASE_URL: twilioUrl,
    },
  });
  await new Promise<void>((ready, fail) => {
    child.once('exit', () => fail(new Error('the dispatcher ended before it was ready')));
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('dispatcher is ready') && ready());
  });
  return child;
}

/** @returns epoch ms at which each alerting event was handed to the log */
async function publish(log: KafkaEventLog): Promise<number[]> {
  const sentAt: number[] = [];
  const began = Date.now();
  const appends: Promise<void>[] = [];
  await new Promise<void>((done) => {
    let n = 0;
    const timer = setInterval(() => {
      const due = Math.min(EVENTS, Math.floor(((Date.now() - began) / 1000) * EVENTS_PER_SECOND));
      for (; n < due; n += 1) appends.push(log.append([eventNumber(n, sentAt)]));
      if (n < EVENTS) return;
      clearInterval(timer);
      done();
    }, 1);
  });
  await Promise.all(appends);
  return sentAt;
}

function eventNumber(n: number, sentAt: number[]): { key: string; value: string } {
  const alerts = n % ONE_ALERT_IN === 0;
  const key = alerts ? `account:${n / ONE_ALERT_IN}` : `calm:${n % 977}`;
  if (alerts) sentAt[n / ONE_ALERT_IN] = Date.now();
  const event = {
    id: `e${n}`,
    source: 'bench',
    metric: 'account.balance',
    subject: key,
    value: '50.00',
    time: new Date().toISOString(),
  };
  return { key, value: JSON.stringify(event) };
}

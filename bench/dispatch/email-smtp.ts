import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { renderMessage } from '@app/channels';
import type { Database } from '@app/persistence';
import { numberOption } from '../options';
import { judged, median, type Report } from '../report';
import type { BareMail } from './bare-mail';
import { startDispatcher, stop } from './child';
import { fillCrowd } from './crowd';
import { ownPostgres } from './postgres';

const MAILS_A_ROUND = 5_000;
const ROUNDS = 5;
const CONNECTIONS = 8;
/** As many as a lane of the dispatcher has under way. */
const AT_ONCE = 32;
const BUILT = 'dist/bench/bench/dispatch';

const FACTS = {
  serviceAlertId: 's1',
  title: 'Card payments are slow',
  text: 'Since 09:40 some card payments take up to a minute.\nYour money is safe. We write again at noon.',
  severity: 'warning',
} as const;

/**
 * One message each by SMTP: planned, claimed, written for its reader, sent and recorded by the real dispatcher, against a
 * bare nodemailer pool with as many connections that sends the same words. Turn by turn, to the same server.
 */
export const dispatchEmailSmtp = {
  name: 'dispatch-email-smtp',
  async run(report: Report): Promise<void> {
    const mails = numberOption('mails', MAILS_A_ROUND);
    const postgres = await ownPostgres();
    const server = fork(resolve(BUILT, 'mail-process.js'), { stdio: 'inherit' });
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    await fillCrowd(postgres.database, mails);
    const dispatcher = await startDispatcher({
      ...{ DATABASE_URL: postgres.databaseUrl, SMTP_HOST: '127.0.0.1', SMTP_PORT: String(port) },
      ...{ SMTP_FROM: 'alerts@tidings.example', SMTP_CONNECTIONS: String(CONNECTIONS) },
      SEND_CONCURRENCY: String(AT_ONCE),
    });
    try {
      const ours: number[] = [];
      const theirs: number[] = [];
      await oursOnce(postgres.database, server, mails); // code that was never run
      for (let round = 0; round < ROUNDS; round += 1) {
        theirs.push(await theirsOnce(port, mails));
        ours.push(await oursOnce(postgres.database, server, mails));
      }
      const base = { bench: 'dispatch-email-smtp', unit: 'mails/s', better: 'higher', goal: 0.8 } as const;
      const against = 'a bare nodemailer pool';
      const name = `mails=${mails}, ${CONNECTIONS} connections`;
      report(judged({ ...base, case: name, ours: median(ours), against, theirs: median(theirs) }));
    } finally {
      await stop(dispatcher);
      server.disconnect();
      await postgres.end();
    }
  },
};

async function theirsOnce(port: number, mails: number): Promise<number> {
  const reader = { name: 'Ada Lovelace', timeZone: 'Europe/Berlin', language: 'en' };
  const words = renderMessage({ kind: 'serviceAlert', facts: FACTS }, 'email', reader);
  const told: BareMail = { port, mails, connections: CONNECTIONS, atOnce: AT_ONCE, ...words };
  const program = [resolve(BUILT, 'bare-mail.js'), JSON.stringify(told)];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  return Number(stdout);
}

/** From the commit of the notifications until the server has the last mail and the store its record. */
async function oursOnce(database: Database, server: ChildProcess, mails: number): Promise<number> {
  const first = await takenBy(server);
  const began = performance.now();
  await database.query(
    `insert into notifications (id, customer_id, topic, lane, kind, facts, caused_at)
     select gen_random_uuid(), id, 'news', 'normal', 'serviceAlert', $1::jsonb, now() from customers`,
    [JSON.stringify(FACTS)],
  );
  await database.query(`select pg_notify('notifications', '')`);
  while ((await takenBy(server)) < first + mails) await delay(20);
  while (await isUnderWay(database)) await delay(20);
  return mails / ((performance.now() - began) / 1_000);
}

async function isUnderWay(database: Database): Promise<boolean> {
  const sql = `select 1 from deliveries where state in ('pending', 'sending', 'retry') limit 1`;
  return (await database.query(sql)).length > 0;
}

async function takenBy(server: ChildProcess): Promise<number> {
  const answer = once(server, 'message');
  server.send('taken');
  return ((await answer) as [{ mails: number }])[0].mails;
}

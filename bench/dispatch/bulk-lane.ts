import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceAlertStore, type Database } from '@app/persistence';
import { FakeTwilio, TWILIO_ACCOUNT } from '../../test/harness/providers/twilio-server';
import { numberOption } from '../options';
import { percentile } from '../percentile';
import { judged, type Report } from '../report';
import { startDispatcher, stop } from './child';
import { confirmToAll, fillCrowd } from './crowd';
import { ownPostgres } from './postgres';
import { startSendGrid } from './sendgrid-client';

const PEOPLE = 250_000;
const ALERTS_PER_SECOND = 20;
const ALONE_SECONDS = 20;
/** The first of them meet code that was never run. */
const WARM_UP = 50;

const FACTS = {
  ...{
    alertId: 'a1',
    ruleId: 'r1',
    ruleTitle: '',
    condition: 'falls below 100.00 EUR',
    metric: 'account.balance',
  },
  ...{
    metricTitle: 'balance',
    unit: 'EUR',
    scale: 2,
    subject: 'account:42',
    value: 9_500,
    at: 0,
    openedAt: 0,
  },
};

/** What a service alert to very many adds to the time of an urgent alert to one, from its commit to the provider. */
export const bulkLane = {
  name: 'bulk-lane',
  async run(report: Report): Promise<void> {
    const people = numberOption('people', PEOPLE);
    const postgres = await ownPostgres();
    const sendgrid = await startSendGrid();
    const twilio = await new FakeTwilio().start();
    await fillCrowd(postgres.database, people);
    const dispatcher = await startDispatcher({
      DATABASE_URL: postgres.databaseUrl,
      ...sendgrid.env,
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
      TWILIO_FROM: TWILIO_ACCOUNT.numbers[0] ?? '',
      TWILIO_BASE_URL: twilio.url,
    });
    try {
      const urgent = new UrgentAlerts(postgres.database, twilio);
      const until = performance.now() + ALONE_SECONDS * 1_000;
      const alone = (await urgent.send(() => performance.now() > until)).slice(WARM_UP);
      const id = await confirmToAll(postgres.database);
      const alerts = new ServiceAlertStore(postgres.database);
      const beside = await urgent.send(async () => (await alerts.find(id))?.status === 'completed');
      const base = { bench: 'bulk-lane', unit: 'ms', better: 'lower' } as const;
      for (const share of [0.5, 0.99]) {
        const added = percentile(beside, share) - percentile(alone, share);
        const name = `p${share * 100} added by people=${people}`;
        report(judged({ ...base, case: name, ours: added, goal: share === 0.99 ? 100 : 50 }));
      }
      report(judged({ ...base, case: 'p99 alone', ours: percentile(alone, 0.99), goal: 150 }));
    } finally {
      await stop(dispatcher);
      await twilio.stop();
      sendgrid.stop();
      await postgres.end();
    }
  },
};

/** Texts to one customer, one every so many ms, whatever else goes on. */
class UrgentAlerts {
  private sent = 0;

  constructor(
    private readonly database: Database,
    private readonly twilio: FakeTwilio,
  ) {}

  /** @returns ms from each alert's commit until the provider had it */
  async send(isOver: () => boolean | Promise<boolean>): Promise<number[]> {
    const began = new Map<string, number>();
    const first = this.twilio.received.length;
    while (!(await isOver())) {
      const to = `+155501${String((this.sent += 1)).padStart(5, '0')}`;
      await this.database.query(
        `with person as (
           insert into customers (id, name, time_zone, language) values ($1, 'Ada', 'UTC', 'en') returning id),
         phone as (
           insert into contact_points (id, customer_id, channel, address, verified_at)
           select $2::uuid, id, 'sms', $3, now() from person returning customer_id)
         insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
         select $4::uuid, customer_id, 'alerts', 'urgent', '{sms}', 'alertFired', $5::jsonb, now() from phone`,
        [`urgent-${this.sent}`, randomUUID(), to, randomUUID(), JSON.stringify(FACTS)],
      );
      began.set(to, Date.now());
      await this.database.query(`select pg_notify('notifications', '')`);
      await delay(1_000 / ALERTS_PER_SECOND);
    }
    await this.twilio.until((received) => received.length >= first + began.size, 60_000);
    return this.twilio.received
      .slice(first)
      .map(({ at, fields }) => at - (began.get(fields?.To ?? '') ?? Number.NaN));
  }
}

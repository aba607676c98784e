import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { terms } from '../harness/composed-terms';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { World, anEvent } from '../harness/world';

interface Kept {
  channel: string;
  address: string;
  body: string;
}

let own: TestDatabase;
let dispatcher: Dispatcher;
let world: World;

beforeEach(async () => {
  own = await createTestDatabase();
  dispatcher = await startDispatcher(own.url);
  world = new World(own.database, dispatcher.log);
  await world.metric();
  await world.customer('ana', { sms: '+15550100001', email: 'ana@example.org' });
});

afterEach(async () => {
  await dispatcher.stop();
  await own.drop();
});

const outbox = (): Promise<Kept[]> =>
  own.database.query<Kept>('select channel, address, body from outbox_messages order by seq');
const armed = (ruleId: string): Promise<unknown> =>
  eventually(
    () =>
      own.database.query('select 1 from rule_instances where rule_id = $1 and condition_version is null', [
        ruleId,
      ]),
    (waiting) => waiting.length === 0,
  );
const readUpTo = (events: number): Promise<unknown> =>
  eventually(
    () => own.database.query<{ sum: number }>('select sum(next_offset)::int as sum from partition_offsets'),
    ([row]) => row?.sum === events,
  );

describe('a metric event', () => {
  it('that makes a rule true reaches each verified contact point once, and its end is told to the same', async () => {
    await armed(await world.rule());
    await dispatcher.log.append([anEvent('150.00'), anEvent('92.10'), anEvent('91.00'), anEvent('150.00')]);
    const messages = await eventually(outbox, (kept) => kept.length >= 4);
    expect(messages.map((message) => message.channel).sort()).toEqual(['email', 'email', 'sms', 'sms']);
    const texts = messages.filter((message) => message.channel === 'sms').map((message) => message.body);
    expect(texts.filter((text) => text.includes('92.10'))).toHaveLength(1);
    const [alert] = await own.database.query<{ opened_value: number; resolved_value: number }>(
      'select * from alerts',
    );
    expect(alert).toMatchObject({ opened_value: 9_210, resolved_value: 15_000, ended_by: 'value' });
    await eventually(
      () => own.database.query('select * from inbox_messages'),
      (kept) => kept.length === 2,
    );
  });

  it('that is not an event is set aside with its reason and never holds up the next one', async () => {
    await armed(await world.rule({ channels: ['sms'] }));
    await dispatcher.log.append([
      { key: 'account:42', value: 'not json' },
      {
        key: 'account:42',
        value: '{"id":"1","source":"s","metric":"account.balance","subject":"account:42","value":NaN}',
      },
      anEvent('twelve'),
      anEvent('1.005'),
      anEvent('99999999999999999.00'),
      anEvent('50.00', { metric: 'no.such' }),
      anEvent('50.00', { time: new Date(Date.now() + 3_600_000).toISOString() }),
      anEvent('50.00', { attributes: { padding: 'x'.repeat(70_000) } }),
      anEvent('50.00'),
    ]);
    await eventually(outbox, (kept) => kept.length === 1);
    const letters = await own.database.query<{ reason: string }>(
      'select reason from dead_letters order by "offset"',
    );
    expect(letters.map((letter) => letter.reason)).toEqual([
      'notJson',
      'notJson',
      'valueNotNumeric',
      'valueTooFine',
      'valueOutOfRange',
      'unknownMetric',
      'timeInFuture',
      'tooLarge',
    ]);
  });

  it('that stands in the wrong partition is sent to where its rules are', async () => {
    await armed(await world.rule({ channels: ['sms'] }));
    const home = dispatcher.log.partitionOf('account:42');
    const elsewhere = Array.from({ length: 100 }, (_, i) => `k${i}`).find(
      (key) => dispatcher.log.partitionOf(key) !== home,
    );
    await dispatcher.log.append([{ ...anEvent('50.00'), key: elsewhere ?? '' }]);
    await expect(eventually(outbox, (kept) => kept.length === 1)).resolves.toHaveLength(1);
  });

  it('of a metric that was defined a moment ago is understood', async () => {
    await armed(await world.rule({ channels: ['sms'] }));
    await world.metric({
      name: 'account.overdraft',
      title: 'overdraft',
      unit: 'EUR',
      scale: 2,
      kind: 'gauge',
      visibility: 'owned',
    });
    await dispatcher.log.append([anEvent('1.00', { metric: 'account.overdraft' })]);
    await readUpTo(1);
    await expect(own.database.query('select * from dead_letters')).resolves.toEqual([]);
  });
});

describe('a rule', () => {
  it('created while its condition already holds fires at once, on the last value', async () => {
    await dispatcher.log.append([anEvent('50.00')]);
    await readUpTo(1);
    await world.rule({ channels: ['sms'] });
    await expect(eventually(outbox, (kept) => kept.length === 1)).resolves.toHaveLength(1);
  });

  it('that waits for a cross stays silent while the condition already held, and fires at the next crossing', async () => {
    await dispatcher.log.append([anEvent('50.00')]);
    await readUpTo(1);
    await armed(await world.rule({ channels: ['sms'], onCreate: 'waitForCross', notifyRecovery: false }));
    await dispatcher.log.append([anEvent('40.00')]);
    await readUpTo(2);
    await expect(own.database.query('select * from alerts')).resolves.toEqual([]);
    await dispatcher.log.append([anEvent('140.00'), anEvent('40.00')]);
    await eventually(outbox, (kept) => kept.length === 1);
  });

  it('that is paused, resumed and removed ends its alert with the reason and is silent in between', async () => {
    const ruleId = await world.rule({ channels: ['sms'] });
    await armed(ruleId);
    await dispatcher.log.append([anEvent('50.00')]);
    await eventually(outbox, (kept) => kept.length === 1);
    const set = (sql: string): Promise<unknown> =>
      own.database.query(
        `with changed as (update rules set ${sql}, revision = nextval('rule_revisions') where id = $1 returning id)
        select pg_notify('rule_changed', id::text) from changed`,
        [ruleId],
      );
    await set(`status = 'paused'`);
    const ended = (endedBy: string): Promise<unknown> =>
      eventually(
        () => own.database.query(`select 1 from alerts where ended_by = $1`, [endedBy]),
        (rows) => rows.length === 1,
      );
    await ended('paused');
    await dispatcher.log.append([anEvent('150.00'), anEvent('50.00')]);
    await readUpTo(3);
    await expect(outbox()).resolves.toHaveLength(1);
    await set(`status = 'active'`);
    await eventually(outbox, (kept) => kept.length === 2);
    await set(`status = 'active', threshold = 2000, condition_version = condition_version + 1`);
    await ended('edited');
    const alerts = await own.database.query<{ transition_seq: number }>(
      'select transition_seq from alerts order by seq',
    );
    expect(alerts.map((alert) => alert.transition_seq)).toEqual([1, 2]);
  });
});

describe('a rule with time', () => {
  it('tells by itself that a condition has held for as long as asked, though no event comes', async () => {
    await armed(await world.rule({ channels: ['sms'], composed: terms({ forMs: 1_000 }) }));
    await dispatcher.log.append([anEvent('50.00')]);
    const messages = await eventually(outbox, (kept) => kept.length === 1);
    expect(messages[0]?.body).toContain('50.00');
    const [alert] = await own.database.query<{ heldMs: number }>(
      `select (extract(epoch from a.opened_at - s.at) * 1000)::int as "heldMs" from alerts a join series s using (metric, subject)`,
    );
    expect(alert).toEqual({ heldMs: 1_000 });
  });
});

describe('a restart', () => {
  it('goes on where it stopped: nothing is sent again, and what happened meanwhile is told', async () => {
    await armed(await world.rule({ channels: ['sms'] }));
    await dispatcher.log.append([anEvent('50.00')]);
    await eventually(outbox, (kept) => kept.length === 1);
    await dispatcher.log.append([anEvent('40.00')]);
    await dispatcher.stop();
    await new World(own.database, dispatcher.log).rule({
      channels: ['sms'],
      condition: { threshold: 4_500 },
    });
    dispatcher = await startDispatcher(own.url);
    await eventually(outbox, (kept) => kept.length === 2);
    await dispatcher.log.append([anEvent('45.50')]);
    const messages = await eventually(outbox, (kept) => kept.length === 3);
    expect(messages[1]?.body).toContain('45.00');
    await expect(own.database.query(`select * from alerts where resolved_at is null`)).resolves.toHaveLength(
      1,
    );
  });
});

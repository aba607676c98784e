import { aLeaf, terms } from '../harness/composed-terms';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { TestPartition } from '../harness/test-partition';

const START = Date.UTC(2026, 2, 2, 12);
const MINUTE = 60_000;

let own: TestDatabase;
let partition: TestPartition;

beforeEach(async () => {
  own = await createTestDatabase();
  partition = await TestPartition.open(own, START);
});
afterEach(async () => {
  await partition.close();
  await own.drop();
});

interface Alert {
  opened: number;
  value: number;
  openedBy: string;
  resolved: number | null;
  endedBy: string | null;
}

/** Instants are ms after the start. */
async function alerts(): Promise<Alert[]> {
  const rows = await partition.rows<
    { opened: Date; resolved: Date | null } & Omit<Alert, 'opened' | 'resolved'>
  >(
    `select opened_at as opened, opened_value as value, opened_by as "openedBy", resolved_at as resolved,
       ended_by as "endedBy" from alerts order by seq`,
  );
  return rows.map(({ opened, resolved, ...rest }) => ({
    ...rest,
    opened: opened.getTime() - START,
    resolved: resolved && resolved.getTime() - START,
  }));
}

const state = async (): Promise<string> =>
  (await partition.rows<{ state: string }>('select state from rule_instances order by id'))[0]!.state;

describe('a condition that must hold for ten minutes', () => {
  beforeEach(async () => {
    await partition.world.rule({ composed: terms({ forMs: 10 * MINUTE }) });
    await partition.take();
  });

  it('opens its alert at the tenth minute without any further event, and ends it with the next good value', async () => {
    await partition.event('50.00', 0);
    await partition.pass(9 * MINUTE);
    expect(await alerts()).toEqual([]);
    await partition.pass(11 * MINUTE);
    await partition.event('150.00', 12 * MINUTE);
    expect(await alerts()).toEqual([
      { opened: 10 * MINUTE, value: 5_000, openedBy: 'value', resolved: 12 * MINUTE, endedBy: 'value' },
    ]);
  });

  it('goes on waiting where the worker was lost in between, and opens its alert once', async () => {
    await partition.event('50.00', 0);
    await partition.pass(4 * MINUTE);
    await partition.take();
    expect(await state()).toBe('pending');
    await partition.pass(11 * MINUTE);
    await partition.take();
    await partition.pass(12 * MINUTE);
    expect(await alerts()).toMatchObject([{ opened: 10 * MINUTE, resolved: null }]);
    expect(await partition.rows('select kind from notifications')).toEqual([{ kind: 'alertFired' }]);
  });
});

describe('a count in a window', () => {
  const threeLow = terms({
    tree: aLeaf(
      { operator: 'atLeast', threshold: 3 },
      { kind: 'count', where: { operator: 'below', threshold: 10_000, upper: null }, windowMs: 5 * MINUTE },
    ),
  });

  beforeEach(async () => {
    await partition.world.rule({ composed: threeLow });
    await partition.take();
  });

  it('opens at the third and ends when the first has left the window', async () => {
    await partition.events([
      ['50.00', 0],
      ['51.00', MINUTE],
      ['52.00', 2 * MINUTE],
    ]);
    await partition.pass(6 * MINUTE);
    expect(await alerts()).toEqual([
      { opened: 2 * MINUTE, value: 3, openedBy: 'value', resolved: 5 * MINUTE + 1, endedBy: 'value' },
    ]);
  });

  it('is the same where half of the window was seen by a worker that is lost, saved or not', async () => {
    await partition.event('50.00', 0);
    await partition.take(); // nothing saved: the log is read again
    await partition.event('51.00', MINUTE);
    await partition.worker.release(); // a checkpoint is written
    await partition.take();
    expect(await partition.rows(`select 1 from measures where key <> 'seen'`)).toHaveLength(1);
    await partition.event('52.00', 2 * MINUTE);
    await partition.take();
    await partition.pass(6 * MINUTE);
    expect(await alerts()).toMatchObject([{ opened: 2 * MINUTE, resolved: 5 * MINUTE + 1 }]);
  });

  it('counts an event once that is delivered twice', async () => {
    await partition.event('50.00', 0, { id: 'first' });
    await partition.event('51.00', MINUTE, { id: 'second' });
    await partition.event('50.00', 0, { id: 'first', loggedMs: 2 * MINUTE });
    await partition.event('51.00', MINUTE, { id: 'second', loggedMs: 2 * MINUTE });
    expect(await alerts()).toEqual([]);
    await partition.event('51.00', MINUTE, { id: 'third', loggedMs: 2 * MINUTE });
    expect(await alerts()).toHaveLength(1);
  });

  it('of a rule that is edited is counted anew, and its alert ends as edited', async () => {
    await partition.events([
      ['50.00', 0],
      ['51.00', 1],
      ['52.00', 2],
    ]);
    const [rule] = await partition.rows<{ id: string }>(
      'update rules set condition_version = 2 returning id',
    );
    await partition.changed(rule!.id);
    expect(await alerts()).toMatchObject([{ endedBy: 'edited' }]);
  });
});

describe('silence', () => {
  const silent = terms({ tree: aLeaf({ threshold: 0 }), noData: { afterMs: MINUTE / 2, treat: 'alert' } });

  beforeEach(async () => {
    await partition.world.rule({ composed: silent });
    await partition.take();
  });

  it('opens an alert by the clock, and the next event ends it', async () => {
    await partition.event('50.00', 0);
    await partition.pass(29_000);
    expect(await alerts()).toEqual([]);
    await partition.pass(31_000);
    await partition.event('50.00', 40_000);
    expect(await alerts()).toMatchObject([
      { opened: 30_000, openedBy: 'noData', resolved: 40_000, endedBy: 'dataReturned' },
    ]);
  });

  it('of a series that was never heard counts from the start of the watch', async () => {
    await partition.pass(31_000);
    expect(await alerts()).toMatchObject([{ openedBy: 'noData', resolved: null }]);
  });

  it('is noticed once where the worker is lost before and after', async () => {
    await partition.event('50.00', 0);
    await partition.take();
    await partition.pass(31_000);
    await partition.take();
    await partition.pass(50_000);
    expect(await alerts()).toMatchObject([{ opened: 30_000, resolved: null }]);
  });

  it('proves nothing while nobody listened: it counts anew from the end of an outage', async () => {
    await partition.event('50.00', 0);
    partition.now = START + 10 * MINUTE;
    await partition.take();
    await partition.pass(10 * MINUTE + 20_000);
    expect(await alerts()).toEqual([]);
    await partition.take();
    await partition.pass(10 * MINUTE + 40_000);
    expect(await alerts()).toMatchObject([{ opened: 10 * MINUTE + 30_000 }]);
  });

  it('is not noticed while the log does not answer, or has more than was read', async () => {
    await partition.event('50.00', 0);
    partition.hasUnread = true;
    await partition.pass(31_000);
    expect(await alerts()).toEqual([]);
    partition.hasUnread = false;
    await partition.pass(32_000);
    expect(await alerts()).toHaveLength(1);
  });
});

describe('the end of a rule', () => {
  it('that expires ends its alert for good', async () => {
    await partition.world.rule({ composed: terms({ expiresAt: START + MINUTE }) });
    await partition.take();
    await partition.event('50.00', 0);
    await partition.pass(MINUTE + 1);
    await partition.event('150.00', 2 * MINUTE);
    await partition.event('50.00', 3 * MINUTE);
    expect(await alerts()).toMatchObject([{ resolved: MINUTE, endedBy: 'expired' }]);
    expect(await partition.rows('select spent from rule_instances')).toEqual([{ spent: true }]);
  });

  it('comes with the firing of its partner, also after a restart', async () => {
    const high = await partition.world.rule({
      composed: terms({ tree: aLeaf({ operator: 'above', threshold: 20_000 }) }),
    });
    const low = await partition.world.rule({ partnerRuleId: high });
    await partition.rows('update rules set partner_rule_id = $1 where id = $2', [low, high]);
    await partition.take();
    await partition.event('150.00', 0);
    await partition.take();
    await partition.event('250.00', MINUTE);
    await partition.take();
    await partition.event('50.00', 2 * MINUTE);
    expect(await alerts()).toMatchObject([{ opened: MINUTE, value: 25_000, resolved: 2 * MINUTE }]);
    const spent = await partition.rows('select rule_id from rule_instances where spent');
    expect(spent).toHaveLength(1);
  });
});

describe('several levels', () => {
  const levels = terms({
    tree: aLeaf({ threshold: 10_000 }),
    levels: [
      { severity: 'warning', threshold: 10_000, recovery: null },
      { severity: 'critical', threshold: 2_000, recovery: null },
    ],
  });

  it('are one alert whose severity follows, and a rise is told', async () => {
    await partition.world.rule({ composed: levels });
    await partition.take();
    await partition.event('50.00', 0);
    await partition.take();
    await partition.event('10.00', MINUTE);
    expect(await partition.rows('select severity, level, told from alerts')).toEqual([
      { severity: 'critical', level: 2, told: true },
    ]);
    await partition.event('60.00', 2 * MINUTE);
    await partition.event('160.00', 3 * MINUTE);
    expect(await partition.rows('select severity, level from alerts')).toEqual([
      { severity: 'warning', level: 1 },
    ]);
    const told = await partition.rows<{ kind: string; severity: string }>(
      `select kind, facts ->> 'severity' as severity from notifications order by seq`,
    );
    expect(told).toMatchObject([
      { kind: 'alertFired', severity: 'warning' },
      { kind: 'alertLevel', severity: 'critical' },
      { kind: 'alertRecovered' },
    ]);
  });
});

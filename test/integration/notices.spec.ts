import { MaintenanceStore } from '@app/persistence';
import type { NoticePolicy } from '@app/rules';
import { terms, aLeaf } from '../harness/composed-terms';
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

function aPolicy(more: Partial<NoticePolicy> = {}): NoticePolicy {
  return {
    ...{ onRecovery: true, onLevel: 'rise', repeatEveryMs: null, cooldownMs: null, maxPerDay: null },
    ...{ timeZone: 'Europe/Berlin', activeHours: [], dampFlapping: false },
    ...more,
  };
}

interface Told {
  kind: string;
  /** Ms after the start. */
  at: number;
  suppressed?: number;
  isStill?: boolean;
}

async function told(): Promise<Told[]> {
  const rows = await partition.rows<{ kind: string; facts: Told }>(
    'select kind, facts from notifications order by seq',
  );
  return rows.map(({ kind, facts: { at, suppressed, isStill } }) => ({
    kind,
    at: at - START,
    suppressed,
    isStill,
  }));
}

describe('an alert that is told again every ten minutes', () => {
  beforeEach(async () => {
    await partition.world.rule({ notices: aPolicy({ repeatEveryMs: 10 * MINUTE }) });
    await partition.take();
    await partition.event('50.00', 0);
  });

  it('is told so until it ends, also by another worker, and never twice', async () => {
    await partition.pass(10 * MINUTE);
    await partition.pass(11 * MINUTE);
    await partition.take();
    await partition.pass(20 * MINUTE);
    await partition.take();
    await partition.event('150.00', 25 * MINUTE);
    await partition.pass(40 * MINUTE);
    expect(await told()).toMatchObject([
      { kind: 'alertFired', at: 0 },
      { kind: 'alertRepeated', at: 10 * MINUTE, isStill: true },
      { kind: 'alertRepeated', at: 20 * MINUTE },
      { kind: 'alertRecovered', at: 25 * MINUTE },
    ]);
  });

  it('makes up for nothing that an outage has missed', async () => {
    await partition.pass(65 * MINUTE);
    await partition.pass(66 * MINUTE);
    expect(await told()).toMatchObject([{ kind: 'alertFired' }, { kind: 'alertRepeated' }]);
  });
});

describe('an alert with a pause after each message', () => {
  it('tells of the firings that it held back with the next one, whatever worker held them', async () => {
    await partition.world.rule({ notices: aPolicy({ cooldownMs: 10 * MINUTE, onRecovery: false }) });
    await partition.take();
    for (let minute = 0; minute < 6; minute += 2) {
      await partition.event('50.00', minute * MINUTE);
      await partition.event('150.00', (minute + 1) * MINUTE);
      await partition.take();
    }
    await partition.event('50.00', 12 * MINUTE);
    expect(await told()).toMatchObject([
      { kind: 'alertFired', at: 0 },
      { kind: 'alertFired', at: 12 * MINUTE, suppressed: 2 },
    ]);
    const alerts = await partition.rows('select told, held_reason as why from alerts order by seq');
    expect(alerts).toEqual([
      { told: true, why: null },
      { told: false, why: 'cooldown' },
      { told: false, why: 'cooldown' },
      { told: true, why: null },
    ]);
  });
});

describe('a mute', () => {
  const snooze = (until: number | null): Promise<unknown> =>
    partition.rows('update rules set snoozed_until = $1', [until === null ? null : new Date(START + until)]);

  it('by snoozing lets what still holds at its end be told once', async () => {
    await partition.world.rule();
    await snooze(10 * MINUTE);
    await partition.take();
    await partition.event('50.00', MINUTE);
    await partition.take();
    await partition.pass(9 * MINUTE);
    expect(await told()).toEqual([]);
    await partition.pass(10 * MINUTE);
    await partition.pass(11 * MINUTE);
    await partition.take();
    await partition.pass(12 * MINUTE);
    await partition.event('150.00', 13 * MINUTE);
    expect(await told()).toMatchObject([
      { kind: 'alertFired', at: 10 * MINUTE, isStill: true },
      { kind: 'alertRecovered', at: 13 * MINUTE },
    ]);
  });

  it('that is lifted early is over at once', async () => {
    const ruleId = await partition.world.rule();
    await snooze(10 * MINUTE);
    await partition.take();
    await partition.event('50.00', MINUTE);
    await snooze(null);
    partition.now = START + 2 * MINUTE;
    await partition.changed(ruleId);
    expect(await told()).toMatchObject([{ kind: 'alertFired', at: 2 * MINUTE, isStill: true }]);
  });

  it('by maintenance hides what begins and ends in it, and the alert is there all the same', async () => {
    await partition.world.rule();
    await partition.rows(
      `insert into maintenance_windows (id, title, metric, starts_at, ends_at)
       values (gen_random_uuid(), 'Upgrade', 'account.balance', $1, $2)`,
      [new Date(START), new Date(START + 10 * MINUTE)],
    );
    await partition.take();
    await partition.event('50.00', MINUTE);
    await partition.event('150.00', 2 * MINUTE);
    await partition.pass(11 * MINUTE);
    expect(await told()).toEqual([]);
    expect(await partition.rows('select told, held_reason as why from alerts')).toEqual([
      { told: false, why: 'maintenance' },
    ]);
    await partition.event('50.00', 12 * MINUTE);
    expect(await told()).toMatchObject([{ kind: 'alertFired', at: 12 * MINUTE }]);
  });

  it('by maintenance that is called off is told then, and only the rules that were muted are looked at', async () => {
    const muted = await partition.world.rule();
    await partition.world.rule({ subjects: ['account:43'] });
    const windows = new MaintenanceStore(own.database);
    const maintenanceWindowId = '00000000-0000-4000-8000-000000000001';
    const [startsAt, endsAt] = [new Date(START), new Date(START + 60 * MINUTE)];
    await windows.add({ maintenanceWindowId, title: '', metric: null, subject: null, startsAt, endsAt });
    await partition.take();
    await partition.event('50.00', MINUTE);
    const heard = Promise.withResolvers<string>();
    await own.database.listen('rule_changed', heard.resolve);
    partition.now = START + 2 * MINUTE;
    expect(await windows.remove(maintenanceWindowId)).toBe(true);
    expect(await heard.promise).toBe(muted);
    await partition.changed(muted);
    expect(await told()).toMatchObject([{ kind: 'alertFired', at: 2 * MINUTE, isStill: true }]);
  });
});

describe('a rule', () => {
  it('that re-arms after a time fires again without a word of an end that was none', async () => {
    await partition.world.rule({ composed: terms({ tree: aLeaf(), rearmAfterMs: 10 * MINUTE }) });
    await partition.take();
    await partition.event('50.00', 0);
    await partition.pass(11 * MINUTE);
    expect(await told()).toMatchObject([
      { kind: 'alertFired', at: 0 },
      { kind: 'alertFired', at: 10 * MINUTE },
    ]);
    expect(await partition.rows('select ended_by from alerts order by seq')).toEqual([
      { ended_by: 'rearmed' },
      { ended_by: null },
    ]);
  });

  it('that is paused forgets what it held back', async () => {
    const ruleId = await partition.world.rule({ notices: aPolicy({ repeatEveryMs: 10 * MINUTE }) });
    await partition.take();
    await partition.event('50.00', 0);
    await partition.rows(`update rules set status = 'paused'`);
    await partition.changed(ruleId);
    await partition.pass(11 * MINUTE);
    expect(await told()).toHaveLength(1);
    expect(await partition.rows('select notice, notice_due_at from rule_instances')).toEqual([
      { notice: null, notice_due_at: null },
    ]);
  });
});

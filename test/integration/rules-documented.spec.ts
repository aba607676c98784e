import type { AlertFacts } from '@app/contracts';
import type { Dispatcher } from '../../apps/dispatcher/src/dispatcher';
import { startApi, type TestApi } from '../harness/api-app';
import { startDispatcher } from '../harness/dispatcher-app';
import { eventually } from '../harness/eventually';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { clockOf, documentedMetrics, documentedRules, type DocumentedRule } from './documented-rule';

const DOCUMENT = 'docs/RULES.md';
const metrics = documentedMetrics(DOCUMENT);
const examples = documentedRules(DOCUMENT).map((example, number) => ({ ...example, number }));

let own: TestDatabase;
let api: TestApi;
let dispatcher: Dispatcher;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { EVENT_LOG_PARTITIONS: '2' });
  for (const body of metrics) {
    const { status } = await api.call(api.systemKey, { path: '/v1/metrics', body });
    if (status !== 201) throw new Error(`${String(body.name)}: ${status}`);
  }
  dispatcher = await startDispatcher(own.url);
});
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
  await own.drop();
});

/** Every example has subjects of its own, so that none sees another's values. */
class Stage {
  private readonly customerId: string;
  private readonly ruleIds: string[] = [];
  private sent = 0;
  private lastNow = 0;
  private maintenanceWindowId = '';
  private attributes: Record<string, string>;

  constructor(private readonly example: DocumentedRule & { number: number }) {
    this.customerId = `example-${example.number}`;
    this.attributes = example.attributes;
  }

  /** `account:42` becomes `account:42x7`, in sentences `account 42x7`. */
  own(text: string): string {
    return text.replace(/\b(account|card|flight|index|server)([: ])(\w+)/g, `$1$2$3x${this.example.number}`);
  }

  async register(): Promise<void> {
    const owns = [
      ...new Set(JSON.stringify(this.example.rules).match(/\b(account|card):\w+/g) ?? ['account:42']),
    ];
    const body = {
      name: 'Ada',
      timeZone: 'Europe/Berlin',
      owns: owns.map((subject) => this.own(subject)),
      attributes: this.attributes,
    };
    const path = `/v1/customers/${this.customerId}`;
    const { status } = await api.call(api.systemKey, { method: 'PUT', path, body });
    expect(status).toBeLessThan(300);
  }

  /** @returns what the first rule says of itself */
  async createRules(): Promise<string> {
    let words = '';
    for (const rule of this.example.rules) {
      const body = JSON.parse(this.own(JSON.stringify(rule))) as Record<string, unknown>;
      if (body.cancels) body.cancels = this.ruleIds[0];
      const path = `/v1/customers/${this.customerId}/rules`;
      const answer = await api.call<{ ruleId: string; words: string }>(api.systemKey, { path, body });
      expect(answer).toMatchObject({ status: 201 });
      words ||= answer.body.words;
      this.ruleIds.push(answer.body.ruleId);
    }
    await this.armed();
    return words;
  }

  private async armed(): Promise<void> {
    await eventually(
      () =>
        own.database.query(
          `select 1 from rule_instances i join rules r on r.id = i.rule_id
           where r.customer_id = $1 and i.condition_version is distinct from r.condition_version`,
          [this.customerId],
        ),
      (waiting) => waiting.length === 0,
    );
  }

  async play(): Promise<void> {
    const expected = { moments: 0, messages: 0 };
    for (const { at, what, then, told } of this.example.steps) {
      expected.moments += then.length;
      expected.messages += told.length;
      if (!(await this.act(what, at))) await this.publish(Number.isNaN(at) ? this.nextNow() : at, what);
      if (what === 'silence' || what === 'wake' || what === 'call off') await this.waitFor(expected);
    }
    await this.readAll();
  }

  /** @returns false for an event, which is nothing that is done */
  private async act(what: string, at: number): Promise<boolean> {
    const [, attribute = '', value = ''] = /^(\w+) = (.+)$/.exec(what) ?? [];
    const [, snoozedFor] = /^snooze (.+)$/.exec(what) ?? [];
    const actions = new Map([
      ['silence', () => Promise.resolve()],
      ['expires in 2 s', () => this.expireSoon()],
      ['pause', () => this.setStatus('pause')],
      ['resume', () => this.setStatus('resume')],
      ['wake', () => this.snooze(null)],
      ['maintenance', () => this.announceMaintenance(at)],
      ['call off', () => this.callMaintenanceOff()],
    ]);
    if (attribute) actions.set(what, () => this.setAttribute(attribute, value));
    if (snoozedFor) actions.set(what, () => this.snooze({ for: snoozedFor }));
    await actions.get(what)?.();
    return actions.has(what);
  }

  /** Events on the wall's clock follow each other, however quickly they are sent. */
  private nextNow(): number {
    return (this.lastNow = Math.max(this.lastNow + 1, Date.now()));
  }

  private async setAttribute(name: string, value: string): Promise<void> {
    await this.readAll();
    this.attributes = { ...this.attributes, [name]: value };
    await this.register();
    await this.armed();
  }

  private async expireSoon(): Promise<void> {
    await this.readAll();
    const body = { expiresAt: new Date(Date.now() + 2_000).toISOString() };
    const path = `/v1/customers/${this.customerId}/rules/${this.ruleIds[0]}`;
    expect(await api.call(api.systemKey, { method: 'PATCH', path, body })).toMatchObject({ status: 200 });
    await this.armed();
  }

  private async setStatus(action: 'pause' | 'resume'): Promise<void> {
    await this.readAll();
    await this.ofRule('POST', `/${action}`);
    if (action === 'resume') return this.armed();
    await eventually(
      () =>
        own.database.query(
          `select 1 from rule_instances i join rules r on r.id = i.rule_id
           where r.customer_id = $1 and i.condition_version is not null`,
          [this.customerId],
        ),
      (watched) => watched.length === 0,
    );
  }

  private async snooze(body: { for: string } | null): Promise<void> {
    await this.readAll();
    await this.ofRule(body ? 'POST' : 'DELETE', '/snooze', body ?? undefined);
  }

  private async ofRule(method: string, action: string, body?: unknown): Promise<void> {
    const path = `/v1/customers/${this.customerId}/rules/${this.ruleIds[0]}${action}`;
    const { status } = await api.call(api.systemKey, { method, path, body });
    expect(status).toBeLessThan(300);
  }

  /** Over an hour from now: only what calls it off ends it while the example plays. */
  private async announceMaintenance(startsAt: number): Promise<void> {
    const answer = await api.call<{ maintenanceWindowId: string }>(api.adminKey, {
      path: '/v1/maintenance-windows',
      body: {
        title: 'Upgrade',
        subject: this.own('account:42'),
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    });
    expect(answer).toMatchObject({ status: 201 });
    this.maintenanceWindowId = answer.body.maintenanceWindowId;
  }

  private async callMaintenanceOff(): Promise<void> {
    await this.readAll();
    const path = `/v1/maintenance-windows/${this.maintenanceWindowId}`;
    expect(await api.call(api.adminKey, { method: 'DELETE', path })).toMatchObject({ status: 204 });
  }

  /** Silence is over once it has done what the document says. */
  private async waitFor(expected: { moments: number; messages: number }): Promise<void> {
    await eventually(
      async () => ({ moments: await this.timeline(), messages: await this.messages() }),
      ({ moments, messages }) => moments.length >= expected.moments && messages.length >= expected.messages,
    );
  }

  private async publish(at: number, what: string): Promise<void> {
    const [first] = this.example.rules;
    const words = what.split(' ');
    const subject =
      words.find((word) => word.includes(':')) ?? JSON.stringify(first).match(/\w+:\w+(?=")/)?.[0];
    const metric = words.find((word) => /^[a-z]+\.[a-z]+$/.test(word)) ?? firstMetric(first ?? {});
    const event = {
      ...{ id: `${this.customerId}-${(this.sent += 1)}`, source: 'document', metric },
      ...{ subject: this.own(subject ?? ''), value: words.at(-1), time: new Date(at).toISOString() },
    };
    const answer = await api.call(api.systemKey, { path: '/v1/events', body: event });
    expect(answer).toMatchObject({ status: 202 });
  }

  private async readAll(): Promise<void> {
    await eventually(
      () =>
        own.database.query<{ left: number }>(
          `select count(*)::int as left from event_log_records e
           join partition_offsets p on p.partition = e.partition where e."offset" >= p.next_offset`,
        ),
      ([row]) => row?.left === 0,
    );
  }

  /** What has come of it, in order of time, in the words of the document. */
  async timeline(): Promise<string[]> {
    const path = `/v1/customers/${this.customerId}/alerts?limit=200`;
    const { body } = await api.call<{ items: ShownAlert[] }>(api.systemKey, { path });
    const levels = await own.database.query<{ at: number; severity: string }>(
      `select (facts ->> 'at')::float8 as at, facts ->> 'severity' as severity from notifications
       where customer_id = $1 and kind = 'alertLevel'`,
      [this.customerId],
    );
    const moments = [
      ...body.items.toReversed().flatMap(momentsOf),
      ...levels.map(({ at, severity }) => ({ at, what: `steps to ${severity}` })),
    ];
    return moments.sort((a, b) => a.at - b.at).map(({ at, what }) => `${what} ${clockOf(at)}`);
  }

  /** Every message in the order in which it was told, in the words of the document. */
  async messages(): Promise<string[]> {
    const rows = await own.database.query<{ kind: string; facts: ToldFacts }>(
      'select kind, facts from notifications where customer_id = $1 order by seq',
      [this.customerId],
    );
    return rows.map(({ kind, facts: { at, suppressed = 0 } }) => {
      const held = suppressed > 0 ? ` (${suppressed} held back)` : '';
      return `${kind}${held} ${clockOf(at)}`;
    });
  }
}

type ToldFacts = Pick<AlertFacts, 'at' | 'suppressed'>;

interface ShownAlert {
  openedAt: string;
  openedValue: string;
  openedBy: string;
  resolvedAt: string | null;
  endedBy: string;
  heldReason: string | null;
}

function momentsOf(alert: ShownAlert): { at: number; what: string }[] {
  const cause = alert.openedBy === 'value' ? '' : ` (${alert.openedBy})`;
  const held = alert.heldReason ? `, held back (${alert.heldReason})` : '';
  const opened = `opens ${alert.openedValue}${cause}${held}`;
  const end = alert.endedBy === 'value' ? 'ends' : `ends (${alert.endedBy})`;
  return [
    { at: Date.parse(alert.openedAt), what: opened },
    ...(alert.resolvedAt ? [{ at: Date.parse(alert.resolvedAt), what: end }] : []),
  ];
}

function firstMetric(rule: Record<string, unknown>): string {
  return String(rule.metric ?? /"metric":"([^"]+)"/.exec(JSON.stringify(rule))?.[1]);
}

describe('every rule in docs/RULES.md', () => {
  it.each(examples)('does what stands there: $title', async (example) => {
    const stage = new Stage(example);
    await stage.register();
    expect(await stage.createRules()).toBe(stage.own(example.words));
    await stage.play();
    expect(await stage.timeline()).toEqual(example.steps.flatMap((step) => step.then));
    const messages = example.isTold ? await stage.messages() : [];
    expect(messages).toEqual(example.steps.flatMap((step) => step.told));
  });

  it('is one of many: the document has an example for every kind of measure', () => {
    expect(examples.length).toBeGreaterThan(25);
  });
});

import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, register } from './fixtures';

let own: TestDatabase;
let api: TestApi;
let token: string;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url, { MAX_WINDOW: 'P7D', MAX_RULES_PER_CUSTOMER: '1000' });
  await defineMetrics(api);
  token = await register(api, 'ada', { owns: ['account:1', 'account:2'] });
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

interface Row {
  composed: object | null;
  notices: object | null;
  version: number;
}

async function rowOf(ruleId: string): Promise<Row> {
  const [row] = await own.database.query<Row>(
    'select composed, notices, condition_version as version from rules where id = $1',
    [ruleId],
  );
  if (!row) throw new Error('the rule is not there');
  return row;
}

const patch = (ruleId: string, body: object) =>
  api.call(token, { method: 'PATCH', path: `/v1/me/rules/${ruleId}`, body });

/** What a customer may write of what they read. */
const SHOWN_ONLY = [
  ...['ruleId', 'thresholdNow', 'snoozedUntil', 'status', 'words', 'trueNow', 'instances'],
  ...['createdAt', 'updatedAt'],
];

const PERCENT_BELOW_HIGH = { kind: 'trailing', from: 'high', unit: 'percent' };
const WHEN = {
  any: [
    {
      all: [
        { metric: 'account.balance', operator: 'below', threshold: '5.00' },
        { metric: 'flight.delay', operator: 'atLeast', threshold: '3', maxAge: 'PT1H' },
      ],
    },
    {
      not: {
        metric: 'account.balance',
        measure: { kind: 'count', window: 'PT5M' },
        operator: 'above',
        threshold: '0',
      },
    },
  ],
};

/** Each as a customer may write it, in the very words in which it is shown. */
const WISHES: [string, object][] = [
  [
    'a count in a window',
    {
      measure: {
        kind: 'count',
        window: 'PT5M',
        where: { operator: 'between', threshold: '1.00', upper: '2.00' },
      },
      threshold: '3',
    },
  ],
  [
    'm of the last n events',
    {
      measure: { kind: 'countOfLast', where: { operator: 'below', threshold: '5.00' }, last: 5 },
      threshold: '3',
    },
  ],
  [
    'm of the last n periods',
    {
      measure: {
        kind: 'countOfPeriods',
        where: { operator: 'below', threshold: '5.00' },
        last: 4,
        period: 'PT1H',
      },
      threshold: '2',
    },
  ],
  ['a sliding sum', { measure: { kind: 'sum', window: 'P1D', partial: true }, threshold: '1000.00' }],
  [
    'a calendar average',
    { measure: { kind: 'avg', calendar: 'week', partial: false }, threshold: '1000.00' },
  ],
  [
    'a change in percent',
    {
      measure: { kind: 'change', against: 'windowStart', window: 'PT1H', unit: 'percent' },
      threshold: '5.25',
    },
  ],
  [
    'a change against the day’s open',
    { measure: { kind: 'change', against: 'dayOpen', unit: 'amount' }, threshold: '5.25' },
  ],
  ['a distance below the high', { measure: PERCENT_BELOW_HIGH, threshold: '5.00', recovery: '4.50' }],
  ['an age', { threshold: '5.00', maxAge: 'PT30M' }],
  [
    'times',
    { threshold: '5.00', for: 'PT5M', keepFiring: 'PT1M', noData: { after: 'PT15M', treat: 'keep' } },
  ],
  [
    'an end',
    {
      threshold: '5.00',
      rearmAfter: 'P1D',
      expiresAt: '2099-12-31T23:00:00.000Z',
      onExpiry: 'trigger',
      maxFirings: 3,
    },
  ],
];

describe('a composed rule', () => {
  it.each(WISHES)(
    'with %s is shown as it was asked for, and asking again changes nothing',
    async (_, wish) => {
      const rule = await createRule(api, token, { operator: 'atLeast', ...wish });
      expect(rule).toMatchObject({ operator: 'atLeast', metric: 'account.balance', when: null, ...wish });
      const before = await rowOf(rule.ruleId);
      expect(before.composed).not.toBeNull();
      const shown = Object.fromEntries(Object.entries(rule).filter(([field]) => !SHOWN_ONLY.includes(field)));
      for (const body of [{}, shown]) {
        const { status, body: again } = await patch(rule.ruleId, body);
        expect({ status, body: { ...again, updatedAt: null } }).toEqual({
          status: 200,
          body: { ...rule, updatedAt: null },
        });
      }
      expect(await rowOf(rule.ruleId)).toEqual(before);
    },
  );

  it('of several questions is shown with all of them, and with the first one’s metric', async () => {
    const body = { metric: undefined, operator: undefined, threshold: undefined, when: WHEN };
    const rule = await createRule(api, token, body);
    expect(rule).toMatchObject({ metric: 'account.balance', when: WHEN, operator: null, threshold: null });
    const before = await rowOf(rule.ruleId);
    expect((await patch(rule.ruleId, { when: WHEN, metric: 'account.balance' })).status).toBe(200);
    expect(await rowOf(rule.ruleId)).toEqual(before);
  });

  it('with levels is shown with the first one’s threshold', async () => {
    const levels = [
      { severity: 'info', threshold: '60.00', recovery: '50.00' },
      { severity: 'critical', threshold: '80.00', recovery: null },
    ];
    const rule = await createRule(api, token, { operator: 'above', threshold: undefined, levels });
    expect(rule).toMatchObject({ levels, threshold: '60.00', recovery: '50.00' });
    const { ruleId } = rule;
    expect((await patch(ruleId, { levels, threshold: '60.00' })).status).toBe(200);
    expect((await rowOf(ruleId)).version).toBe(1);
    expect((await patch(ruleId, { threshold: '61.00' })).body.errors).toMatchObject([{ field: 'threshold' }]);
    expect(await patch(ruleId, { levels: null, threshold: '61.00', recovery: null })).toMatchObject({
      status: 200,
      body: { levels: null, threshold: '61.00' },
    });
    expect(await rowOf(ruleId)).toMatchObject({ composed: null, version: 2 });
  });

  it('that says nothing beyond a level on the latest value is kept plain', async () => {
    const nothing = {
      measure: { kind: 'value' },
      when: null,
      levels: [],
      for: 'PT0S',
      notices: { onLevel: 'rise', activeHours: [] },
    };
    const rule = await createRule(api, token, nothing);
    expect(await rowOf(rule.ruleId)).toMatchObject({ composed: null, notices: null });
    expect(rule).toMatchObject({ measure: null, for: null, notices: null, levels: null });
    const wrapped = { metric: null, operator: null, threshold: null };
    const when = { metric: 'account.balance', operator: 'below', threshold: '100.00' };
    const single = await createRule(api, token, { ...wrapped, when });
    expect(single).toMatchObject({ when: null, ...when });
    expect((await rowOf(single.ruleId)).composed).toBeNull();
  });

  it('changes between one question and several, and back', async () => {
    const { ruleId } = await createRule(api, token, {
      measure: PERCENT_BELOW_HIGH,
      operator: 'atLeast',
      threshold: 5,
    });
    expect(await patch(ruleId, { when: WHEN })).toMatchObject({
      status: 200,
      body: { when: WHEN, measure: null, threshold: null },
    });
    expect((await rowOf(ruleId)).version).toBe(2);
    expect((await patch(ruleId, { operator: 'above' })).body.errors).toMatchObject([{ field: 'operator' }]);
    const question = { metric: 'account.balance', operator: 'below', threshold: '7.00' };
    expect(await patch(ruleId, { when: null, ...question })).toMatchObject({
      status: 200,
      body: { when: null, ...question },
    });
    expect(await rowOf(ruleId)).toMatchObject({ composed: null, version: 3 });
  });

  it('keeps its state when only what is told changes, and starts anew when what it means does', async () => {
    const { ruleId } = await createRule(api, token, { for: 'PT5M' });
    const hours = { days: [1, 2], from: '22:00', to: '06:00' };
    const notices = {
      repeatEvery: 'PT4H',
      cooldown: 'PT1H',
      maxPerDay: 1,
      activeHours: [hours],
      dampFlapping: true,
    };
    expect(await patch(ruleId, { notices, severity: 'critical' })).toMatchObject({
      status: 200,
      body: {
        severity: 'critical',
        notices: { ...notices, onLevel: 'rise', activeHours: [{ ...hours, timeZone: 'Europe/Berlin' }] },
      },
    });
    expect(await rowOf(ruleId)).toMatchObject({
      version: 1,
      notices: { onRecovery: true, timeZone: 'Europe/Berlin', cooldownMs: 3_600_000 },
    });
    await patch(ruleId, { notifyRecovery: false });
    expect(await rowOf(ruleId)).toMatchObject({ version: 1, notices: { onRecovery: false } });
    await patch(ruleId, { notices: null });
    expect(await rowOf(ruleId)).toMatchObject({ version: 1, notices: null });
    await patch(ruleId, { for: 'PT6M' });
    expect((await rowOf(ruleId)).version).toBe(2);
  });

  it('keeps the calendar of its customer, also when the customer moves', async () => {
    const mover = await register(api, 'mover', { owns: ['account:9'] });
    const hours = { days: [1], from: '08:00', to: '18:00' };
    const { ruleId } = await createRule(api, mover, {
      measure: { kind: 'sum', calendar: 'day' },
      notices: { activeHours: [hours, { ...hours, timeZone: 'Asia/Tokyo' }] },
    });
    const body = { name: 'M', timeZone: 'America/New_York', owns: ['account:9'] };
    await api.call(api.systemKey, { method: 'PUT', path: '/v1/customers/mover', body });
    const row = await rowOf(ruleId);
    expect(row).toMatchObject({
      version: 2,
      composed: { tree: { leaf: { measure: { window: { timeZone: 'America/New_York' } } } } },
      notices: {
        timeZone: 'America/New_York',
        activeHours: [{ timeZone: 'America/New_York' }, { timeZone: 'Asia/Tokyo' }],
      },
    });
    await api.call(api.systemKey, {
      method: 'PUT',
      path: '/v1/customers/mover',
      body: { ...body, name: 'N' },
    });
    expect(await rowOf(ruleId)).toEqual(row);
  });

  it('shows of each subject since when it is pending, its level, and why nothing can be said', async () => {
    const { ruleId } = await createRule(api, token, { subjects: ['account:1', 'account:2'], for: 'PT5M' });
    const progress = { since: 1_767_225_600_000, level: 2, reason: null };
    await own.database.query(
      `update rule_instances set state = case subject when 'account:1' then 'pending' else 'unknown' end,
         progress = case subject when 'account:1' then $2::jsonb else '{"since": null, "level": 0, "reason": "warmingUp"}' end
       where rule_id = $1`,
      [ruleId, progress],
    );
    const { body } = await api.call(token, { path: `/v1/me/rules/${ruleId}` });
    expect(body).toMatchObject({
      trueNow: true,
      instances: [
        { state: 'pending', since: '2026-01-01T00:00:00.000Z', level: 2, reason: null, trueNow: true },
        { state: 'unknown', since: null, level: 0, reason: 'warmingUp', trueNow: null },
      ],
    });
  });

  it('needs every subject to be the customer’s if any of its questions is about what is owned', async () => {
    const when = {
      all: [
        { metric: 'flight.delay', operator: 'above', threshold: 1 },
        { metric: 'account.balance', operator: 'above', threshold: 1 },
      ],
    };
    const answer = await api.call(token, { path: '/v1/me/rules', body: { subjects: ['account:77'], when } });
    expect(answer).toMatchObject({ status: 403, body: { type: '/problems/not-owned' } });
    const leaver = await register(api, 'leaver', { owns: ['account:78', 'account:79'] });
    const { ruleId } = await createRule(api, leaver, {
      ...{ metric: null, operator: null, threshold: null, when, subjects: ['account:78', 'account:79'] },
    });
    const body = { name: 'L', owns: ['account:79'] };
    await api.call(api.systemKey, { method: 'PUT', path: '/v1/customers/leaver', body });
    expect((await api.call(leaver, { path: `/v1/me/rules/${ruleId}` })).body.subjects).toEqual([
      'account:79',
    ]);
  });
});

describe('a composed rule that cannot be used', () => {
  const tried = async (wish: object) => {
    const body = { subjects: 'owned', metric: 'account.balance', operator: 'atLeast', threshold: 1, ...wish };
    const answer = await api.call<{ type: string; errors: { field: string }[] }>(token, {
      path: '/v1/me/rules',
      body,
    });
    const { type, errors = [] } = answer.body;
    return { status: answer.status, type, fields: errors.map((error) => error.field) };
  };

  it('is told everything that is wrong at once, each at its path', async () => {
    const when = {
      all: [
        { metric: 'no.such', operator: 'below', threshold: 1 },
        { metric: 'account.balance', operator: 'below', threshold: '1.005' },
        {
          not: { metric: 'flight.delay', measure: { kind: 'count' }, operator: 'crossesAbove', threshold: 0 },
        },
        { any: [] },
      ],
    };
    const { status, fields } = await tried({
      metric: null,
      operator: null,
      threshold: null,
      when,
      for: 'P400D',
      notices: { cooldown: 'PT1S' },
    });
    expect(status).toBe(400);
    expect(fields.sort()).toEqual([
      'for',
      'notices.cooldown',
      'when.all[0].metric',
      'when.all[1].threshold',
      'when.all[2].not.measure.window',
      'when.all[2].not.operator',
      'when.all[3].any',
    ]);
  });

  it.each<[object, string]>([
    [{ measure: { kind: 'median' } }, 'measure.kind'],
    [{ measure: { kind: 'count', window: '5 minutes' } }, 'measure.window'],
    [{ measure: { kind: 'count', window: 'P1M' } }, 'measure.window'],
    [{ measure: { kind: 'count', window: 'PT5M', last: 3 } }, 'measure.last'],
    [{ measure: { kind: 'sum' } }, 'measure.window'],
    [{ measure: { kind: 'sum', window: 'PT5M', calendar: 'day' } }, 'measure.calendar'],
    [{ measure: { kind: 'change', against: 'windowHigh' } }, 'measure.window'],
    [{ measure: { kind: 'change', against: 'dayOpen', window: 'PT5M' } }, 'measure.window'],
    [{ measure: { kind: 'rate', window: 'PT5M', per: 'PT1M' } }, 'measure.kind'],
    [{ measure: { kind: 'countOfLast', last: 3 } }, 'measure.where'],
    [
      { measure: { kind: 'count', window: 'PT5M', where: { operator: 'crossesAbove', threshold: 1 } } },
      'measure.where.operator',
    ],
    [{ measure: { kind: 'count', window: 'PT5M', colour: 'red' } }, 'measure.colour'],
    [{ operator: null }, 'operator'],
    [{ threshold: null }, 'threshold'],
    [{ metric: null }, 'metric'],
    [{ threshold: { attribute: 'limit' } }, 'threshold'],
    [{ threshold: { attribute: '' } }, 'threshold'],
    [{ threshold: { attribute: 'limit', more: 1 } }, 'threshold'],
    [{ when: {} }, 'operator'],
    [
      { metric: null, operator: null, threshold: null, when: { all: [{ metric: 'flight.delay', any: [] }] } },
      'when.all[0]',
    ],
    [
      {
        metric: 'flight.delay',
        operator: null,
        threshold: null,
        when: { metric: 'account.balance', operator: 'above', threshold: 1 },
      },
      'metric',
    ],
    [
      {
        metric: null,
        operator: null,
        threshold: null,
        when: { metric: 'account.balance', operator: 'above', threshold: { attribute: 'limit' } },
      },
      'when.threshold',
    ],
    [{ when: [] }, 'when'],
    [{ levels: [{ severity: 'loud', threshold: 1 }] }, 'levels[0].severity'],
    [{ levels: [{ severity: 'info', threshold: 1 }], severity: 'info' }, 'severity'],
    [{ noData: { after: 'PT15M', treat: 'panic' } }, 'noData.treat'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '2099-02-30T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ onExpiry: 'trigger' }, 'onExpiry'],
    [{ cancels: 'me' }, 'cancels'],
    [{ cancels: '00000000-0000-4000-8000-000000000000' }, 'cancels'],
    [{ notices: { activeHours: [{ days: [1], from: '8', to: '09:00' }] } }, 'notices.activeHours[0].from'],
    [
      { notices: { activeHours: [{ days: [1], from: '08:00', to: '09:00', timeZone: 'Mars/Olympus' }] } },
      'notices.activeHours[0].timeZone',
    ],
    [{ notices: { onRecovery: true } }, 'notices.onRecovery'],
  ])('%j is refused at %s', async (wish, field) => {
    const { status, fields } = await tried(wish);
    expect(status).toBe(400);
    expect(fields).toContain(field);
  });

  const leaf = { metric: 'account.balance', operator: 'above', threshold: 1 };
  const alone = { metric: null, operator: null, threshold: null };
  const level = (threshold: number) => ({ severity: 'info', threshold });
  it.each<[string, object]>([
    ['window-too-long', { measure: { kind: 'count', window: 'P8D' } }],
    ['window-too-long', { measure: { kind: 'sum', calendar: 'month' } }],
    ['count-too-large', { measure: { kind: 'count', window: 'P1D' }, threshold: 1_001 }],
    ['too-many-conditions', { ...alone, when: { any: Array.from({ length: 9 }, () => leaf) } }],
    ['too-deep', { ...alone, when: { not: { not: { not: { not: leaf } } } } }],
    ['too-many-levels', { threshold: null, levels: [1, 2, 3, 4, 5, 6].map(level) }],
    ['too-many-firings', { maxFirings: 1_001 }],
  ])('for a limit is refused as %s', async (slug, wish) => {
    const { status, type, fields } = await tried(wish);
    expect({ status, type }).toEqual({ status: 409, type: `/problems/${slug}` });
    expect(fields).toHaveLength(1);
  });

  it('is refused before anything walks down into it, however deep it is nested', async () => {
    let when = JSON.stringify(leaf);
    for (let depth = 0; depth < 5_000; depth += 1) when = `{"not":${when}}`;
    const body = `{"subjects":"owned","when":${when}}`;
    expect(await api.call(token, { path: '/v1/me/rules', body })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body' }] },
    });
  });
});

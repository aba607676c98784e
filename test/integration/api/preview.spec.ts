import { HistoryStore } from '@app/persistence';
import { chunkOf, combineChunks, type HistoryPoint } from '@app/rules';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { defineMetrics, register } from './fixtures';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

interface Previewed {
  words: string;
  from: string | null;
  firingCount: number;
  toldCount: number;
  messageCount: number;
  firings: { subject: string; openedAt: string; resolvedAt: string | null; value: string; told: boolean }[];
  months: { month: string; firings: number; told: number }[];
  mostOnOneDay: number;
  series: { subject: string; unit: string; points: { at: string; value: string }[] }[];
  suggestion: { threshold: string; firings: number; words: string } | null;
  notes: string[];
  errors?: { field: string }[];
}

describe('trying out a rule', () => {
  let own: TestDatabase;
  let api: TestApi;
  let ann: string;
  const now = Date.now();
  beforeAll(async () => {
    own = await createTestDatabase();
    api = await startApi(own.url, { MAX_SUBJECTS_PER_RULE: '12' });
    await defineMetrics(api);
    // A zone without daylight saving: a day of 25 hours may see two of the firings that are 24 hours apart.
    ann = await register(api, 'ann', { owns: ['account:1', 'account:2'], timeZone: 'UTC' });
    await register(api, 'ben', { owns: ['account:9'] });
    // A balance that falls a little lower every day, and comes back.
    await keep('account:1', (i) => (i % 2 === 0 ? 50_000 : 20_000 - 100 * i), {
      count: 180,
      stepMs: DAY / 2,
    });
    await keep('account:2', () => 50_000, { count: 10, stepMs: MINUTE });
  });
  afterAll(async () => {
    await api.close();
    await own.drop();
  });

  async function keep(
    subject: string,
    valueAt: (index: number) => number,
    { count, stepMs }: { count: number; stepMs: number },
    metric = 'account.balance',
  ): Promise<void> {
    const points = Array.from({ length: count }, (_, i): HistoryPoint => {
      const at = now - (count - i) * stepMs;
      return { value: valueAt(i), at, clock: at };
    });
    await new HistoryStore(own.database).add([{ metric, subject, ...chunkOf(points) }]);
  }

  const wish = { metric: 'account.balance', operator: 'below', threshold: '200.00', subjects: ['account:1'] };

  async function preview(body: object, token = ann): Promise<{ status: number; body: Previewed }> {
    return api.call<Previewed>(token, { path: '/v1/me/rules/preview', body });
  }

  it('says when it would have fired, what would have been told, and shows the way the series went', async () => {
    const { status, body } = await preview(wish);
    expect(status).toBe(200);
    expect(body).toMatchObject({ firingCount: 90, toldCount: 90, mostOnOneDay: 1, notes: [] });
    expect(body.words).toContain('Tells you when the balance of account 1 is below 200.00 EUR');
    expect(body.firings[0]).toMatchObject({ subject: 'account:1', value: '199.00', told: true });
    expect(body.firings.at(-1)?.resolvedAt).toBeNull();
    expect(body.months.reduce((sum, month) => sum + month.firings, 0)).toBe(90);
    expect(body.series).toHaveLength(1);
    expect(body.series[0]).toMatchObject({ subject: 'account:1', unit: 'EUR' });
    expect(body.series[0]?.points).toHaveLength(180);
  });

  it('suggests another threshold where it would be noisy, and at that it is not', async () => {
    const { body } = await preview(wish);
    const { threshold, firings, words } = body.suggestion ?? { threshold: '', firings: 0, words: '' };
    expect(words).toBe(`It would have fired 90 times; at ${threshold} EUR it would have been ${firings}.`);
    expect(firings).toBeGreaterThan(0);
    expect(firings).toBeLessThanOrEqual(4);
    const there = await preview({ ...wish, threshold });
    expect(there.body).toMatchObject({ firingCount: firings, suggestion: null });
  });

  it('tells only of what the notices would tell', async () => {
    const { body } = await preview({ ...wish, notices: { cooldown: 'P7D' }, notifyRecovery: false });
    expect(body.firingCount).toBe(90);
    expect(body.toldCount).toBe(13);
    expect(body.messageCount).toBe(13);
    expect(body.firings[1]).toMatchObject({ told: false, heldReason: 'cooldown' });
  });

  it('looks at all that the customer owns, and back only as far as asked', async () => {
    const { body } = await preview({ ...wish, subjects: 'owned', days: 10 });
    expect(body.series.map(({ subject }) => subject)).toEqual(['account:1', 'account:2']);
    expect(body.firingCount).toBe(10);
  });

  it('tries out measures and several questions as well', async () => {
    const change = { kind: 'change', against: 'previous', unit: 'amount' };
    const falls = await preview({ ...wish, operator: 'atMost', threshold: '-450', measure: change });
    expect(falls.status).toBe(200);
    expect(falls.body.firings[0]?.value).toBe('-451.00');
    const { metric, operator, threshold } = wish;
    const both = await preview({
      subjects: wish.subjects,
      when: {
        all: [{ metric, operator, threshold }, { not: { metric, operator: 'below', threshold: '100.00' } }],
      },
    });
    expect(both.body).toMatchObject({ firingCount: 50, suggestion: null });
  });

  it('says honestly that there is no past, that it is short, or that it is thinned', async () => {
    const none = await preview({ ...wish, metric: 'flight.delay', subjects: ['flight:none'], threshold: 1 });
    expect(none.body).toMatchObject({ firingCount: 0, from: null, series: [{ points: [] }] });
    expect(none.body.notes).toEqual(['Nothing is kept of the past of what this rule watches.']);
    const short = await preview({ ...wish, subjects: ['account:2'] });
    expect(short.body.notes[0]).toMatch(/^The past that is kept begins on \d{4}-\d\d-\d\d\.$/);
    const old = [{ value: 5, at: now - 40 * DAY, clock: now - 40 * DAY }];
    const thinned = combineChunks([chunkOf(old).points], 2);
    await new HistoryStore(own.database).add([{ metric: 'flight.delay', subject: 'flight:old', ...thinned }]);
    const { body } = await preview({
      ...wish,
      metric: 'flight.delay',
      subjects: ['flight:old'],
      threshold: 1,
    });
    expect(body.notes.join(' ')).toContain('every 15 minutes');
  });

  it('looks at no more than ten subjects, and says so', async () => {
    const subjects = Array.from({ length: 12 }, (_, i) => `flight:${i}`);
    const { body } = await preview({ ...wish, metric: 'flight.delay', subjects, threshold: 1 });
    expect(body.notes).toContain('Only 10 of the 12 subjects were looked at.');
  });

  it("does not open another's past, under whichever address it is asked for", async () => {
    const stolen = await preview({ ...wish, subjects: ['account:9'] });
    expect(stolen).toMatchObject({ status: 403, body: { errors: [{ field: 'subjects' }] } });
    const other = await api.call<Previewed>(ann, { path: '/v1/customers/ben/rules/preview', body: wish });
    expect([403, 404]).toContain(other.status);
    const hidden = { metric: 'account.balance', operator: 'below', threshold: 1 };
    const within = await preview({
      subjects: ['account:9'],
      when: { any: [{ metric: 'flight.delay', operator: 'above', threshold: 1 }, hidden] },
    });
    expect(within.status).toBe(403);
    const system = await api.call<Previewed>(api.systemKey, {
      ...{ path: '/v1/customers/ben/rules/preview', body: { ...wish, subjects: ['account:9'] } },
    });
    expect(system.status).toBe(200);
  });

  it('refuses what could not be saved, and saves nothing', async () => {
    expect((await preview({ ...wish, threshold: '1.234' })).status).toBe(400);
    expect((await preview({ ...wish, days: 0 })).status).toBe(400);
    expect((await preview({ ...wish, days: 367 })).status).toBe(400);
    const many = Array.from({ length: 13 }, (_, i) => `flight:${i}`);
    expect((await preview({ ...wish, metric: 'flight.delay', subjects: many })).status).toBe(409);
    const rules = await api.call<{ items: unknown[] }>(ann, { path: '/v1/me/rules' });
    expect(rules.body.items).toEqual([]);
  });
});

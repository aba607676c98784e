import { HistoryStore } from '@app/persistence';
import { decodePoints, factsOf, previewRule, type InstanceDefinition, type NoticePolicy } from '@app/rules';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../harness/test-database';
import { TestPartition } from '../harness/test-partition';
import { BEGINNING, METRICS, composedRule, event, plainRule, type EventWish } from '../oracle/arbitraries';

const STORIES = 150;
/** Longer than all first events take to come. */
const SILENCE_MS = 200_000;
/** After some of the events, and before others. */
const EXPIRES_AT = BEGINNING + 150_000;
const USUAL: NoticePolicy = {
  ...{ onRecovery: true, onLevel: 'rise', repeatEveryMs: null, cooldownMs: null, maxPerDay: null },
  ...{ timeZone: 'Europe/Berlin', activeHours: [], dampFlapping: false },
};

/** A rule of any kind on a subject of its own, and what happens there. */
interface Story {
  rule: InstanceDefinition;
  notices: NoticePolicy | null;
  events: EventWish[];
}

const policy = fc.record({
  cooldownMs: fc.constantFrom(null, 100, 5_000),
  maxPerDay: fc.constantFrom(null, 1, 2),
});
/** What is kept begins with a first event, and so does a preview: a rule must not have ended, or been told of silence, before. */
const ofKept = (rule: InstanceDefinition): InstanceDefinition => {
  const { composed } = rule;
  if (!composed) return rule;
  const noData = composed.noData && { ...composed.noData, afterMs: SILENCE_MS };
  return { ...rule, composed: { ...composed, noData, expiresAt: composed.expiresAt && EXPIRES_AT } };
};
const story: fc.Arbitrary<Story> = fc.record({
  rule: fc.oneof({ weight: 1, arbitrary: plainRule }, { weight: 4, arbitrary: composedRule.map(ofKept) }),
  notices: fc.option(policy.map((rest) => ({ ...USUAL, ...rest }))),
  events: fc.array(event, { minLength: 15, maxLength: 25 }),
});

interface Alert {
  openedAt: number;
  value: number;
  resolvedAt: number | null;
  resolvedValue: number | null;
  openedBy: string;
  endedBy: string | null;
  told: boolean;
}

describe('a preview over what was kept', () => {
  let own: TestDatabase;
  let partition: TestPartition;
  beforeAll(async () => {
    own = await createTestDatabase();
    partition = await TestPartition.open(own, BEGINNING);
    for (const [name, { kind, startsAtZero, allowedLatenessMs }] of METRICS) {
      await own.database.query(
        `insert into metrics (name, title, unit, scale, kind, visibility, allowed_lateness_ms, starts_at_zero)
         values ($1, $1, '', 0, $2, 'public', $3, $4)`,
        [name, kind, allowedLatenessMs, startsAtZero],
      );
    }
  });
  afterAll(async () => {
    await partition.close();
    await own.drop();
  });

  it('shows the alerts that each rule made, to the millisecond, and which of them were told', async () => {
    const stories = fc.sample(story, { numRuns: STORIES, seed: 20_261_122 });
    const ruleIds: string[] = [];
    for (const [number, { rule, notices }] of stories.entries()) {
      const { metric, condition, lifecycle, onCreate, composed = null } = rule;
      const wish = { metric, condition, lifecycle, onCreate, composed, notices };
      ruleIds.push(await partition.world.rule({ ...wish, subjects: [subjectOf(number)] }));
    }
    await partition.take();
    const until = await play(stories);
    for (const [number, { rule, notices }] of stories.entries()) {
      const made = await alertsOf(ruleIds[number]!);
      expect({ number, rule, alerts: await shownBy(rule, notices, { number, until }) }).toEqual({
        ...{ number, rule, alerts: made },
      });
    }
    const [{ count } = { count: 0 }] = await partition.rows<{ count: number }>(
      'select count(*) as count from alerts',
    );
    expect(count).toBeGreaterThan(STORIES / 2);
  });

  /** One event of each story after the other; the worker is lost twice on the way. @returns the log's clock, epoch ms */
  async function play(stories: readonly Story[]): Promise<number> {
    let clock = 0;
    const latest = new Map<string, number>();
    const longest = Math.max(...stories.map(({ events }) => events.length));
    for (let turn = 0; turn < longest; turn += 1) {
      if (turn === 7 || turn === 16) await partition.take();
      for (const [number, { events }] of stories.entries()) {
        const wish = events[turn];
        if (!wish) continue;
        const subject = subjectOf(number);
        const series = `${wish.metric} ${subject}`;
        // Days pass for all of them at once, so that only the quick ones are taken from each story.
        const step = Math.min(wish.step, 700);
        const at = Math.max(0, (latest.get(series) ?? clock) + step);
        latest.set(series, Math.max(at, latest.get(series) ?? 0));
        clock = Math.max(clock + Math.min(2, Math.max(0, wish.wait)), at);
        await partition.event(String(wish.value), at, { loggedMs: clock, metric: wish.metric, subject });
      }
    }
    // Who is away for a minute has heard no silence.
    const end = clock + 2 * SILENCE_MS;
    while (clock < end) await partition.pass((clock = Math.min(end, clock + 40_000)));
    await partition.close();
    return BEGINNING + end;
  }

  async function alertsOf(ruleId: string): Promise<Alert[]> {
    const rows = await partition.rows<
      Omit<Alert, 'openedAt' | 'resolvedAt'> & { openedAt: Date; resolvedAt: Date | null }
    >(
      `select opened_at as "openedAt", opened_value as value, resolved_at as "resolvedAt",
         resolved_value as "resolvedValue", opened_by as "openedBy", ended_by as "endedBy", told
       from alerts where rule_id = $1 order by transition_seq`,
      [ruleId],
    );
    return rows.map(({ openedAt, resolvedAt, ...rest }) => ({
      ...rest,
      openedAt: openedAt.getTime(),
      resolvedAt: resolvedAt?.getTime() ?? null,
    }));
  }

  async function shownBy(
    rule: InstanceDefinition,
    notices: NoticePolicy | null,
    { number, until }: { number: number; until: number },
  ): Promise<Alert[]> {
    const store = new HistoryStore(own.database);
    const series = await Promise.all(
      [...METRICS.keys()].map(async (metric) => ({
        metric,
        points: (await store.chunks(metric, subjectOf(number), 0)).flatMap((chunk) => decodePoints(chunk)),
      })),
    );
    const facts = [...METRICS].map(([name, metric]) => [
      name,
      factsOf({ ...{ name, title: '', unit: '', scale: 0, visibility: 'public' }, ...metric }),
    ]);
    const { firings } = previewRule(
      { ...rule, composed: rule.composed ?? null, metrics: Object.fromEntries(facts) },
      notices ?? USUAL,
      { subjects: [{ subject: subjectOf(number), series }], until },
    );
    return firings.map(({ openedAt, value, resolvedAt, resolvedValue, openedBy, endedBy, told }) => ({
      ...{ openedAt, value, resolvedAt, resolvedValue, openedBy, endedBy, told },
    }));
  }
});

function subjectOf(number: number): string {
  return `story:${number}`;
}

import type { Metric } from '@app/contracts';
import type { LogRecord } from '@app/event-log';
import { HistoryBuffer, PartitionMatcher } from '@app/rules';
import { finishEvent, matchBatch, type MatchContext } from './match-batch';

const RULES = 4_000;
const LOGGED = Date.UTC(2026, 2, 2, 12);
const METRIC: Metric = {
  ...{
    name: 'account.balance',
    title: 'balance',
    unit: 'EUR',
    scale: 2,
    kind: 'gauge',
    visibility: 'public',
  },
};

/** A partition with a level at each cent, of which few are passed in one go. */
function aPartition(subject: string, slice: number): MatchContext {
  const matcher = new PartitionMatcher(slice);
  for (let id = 1; id <= RULES; id += 1) {
    const condition = { operator: 'above', threshold: id, upper: null, recovery: null } as const;
    const definition = { instanceId: id, metric: METRIC.name, subject, condition };
    matcher.arm({ ...definition, lifecycle: 'recurring', onCreate: 'fireIfBreached', composed: null }, null);
  }
  const metrics = new Map([[METRIC.name, METRIC]]);
  const context = { matcher, history: new HistoryBuffer(), metrics, isHome: () => true, now: LOGGED };
  return { ...context, hasNewestMetrics: false };
}

function aRecord(subject: string, value: string, offset: number): LogRecord {
  const event = { id: `e${offset}`, source: 'bank', metric: METRIC.name, subject, value };
  const time = new Date(LOGGED + offset).toISOString();
  return { offset, key: subject, value: Buffer.from(JSON.stringify({ ...event, time })), appendedAt: LOGGED };
}

describe('an event that passes very many levels', () => {
  it('gives other partitions their turn before it is finished, and has lost nothing in the end', async () => {
    const crowd = aPartition('account:1', 500);
    const other = aPartition('account:2', 500);
    await finishEvent(matchBatch([aRecord('account:1', '0.00', 0)], crowd), crowd.matcher, LOGGED);
    await finishEvent(matchBatch([aRecord('account:2', '0.00', 0)], other), other.matcher, LOGGED);
    const match = matchBatch([aRecord('account:1', '99.00', 1), aRecord('account:1', '0.00', 2)], crowd);
    expect(match.taken).toBe(1);

    const finished = finishEvent(match, crowd.matcher, LOGGED + 7);
    const between = matchBatch([aRecord('account:2', '0.02', 1)], other);
    const seenSoFar = match.changes.length;
    expect(other.matcher.isUnfinished).toBe(false);
    expect(crowd.matcher.isUnfinished).toBe(true);
    await finished;

    expect(seenSoFar).toBeLessThan(RULES);
    expect(between.changes.filter(({ transition }) => transition === 'fired')).toHaveLength(1);
    expect(new Set(match.changes.map(({ instanceId }) => instanceId)).size).toBe(RULES);
    expect(match.changes).toHaveLength(RULES);
    expect(match.changes.every(({ transition, value }) => transition === 'fired' && value === 9_900)).toBe(
      true,
    );
    expect(match.causedAt).toHaveLength(RULES);
    expect(match.causedAt.at(-1)).toBe(LOGGED + 7);
  });
});

import fc from 'fast-check';
import type { InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import type { Measure } from '../measure';
import { PartitionMatcher } from '../partition-matcher';
import type { SeriesValue } from '../plain/series-table';
import { aComposedInstance, aLeaf } from '../testing/a-composed-instance';
import type { TakenEvent } from './date-event';
import type { SavedMeasure } from './saved-measure';

const METRICS = ['price', 'volume'];

const measure = fc.constantFrom<Measure>(
  { kind: 'value' },
  { kind: 'count', where: null, windowMs: 60 },
  { kind: 'countOfLast', where: { operator: 'above', threshold: 0, upper: null }, last: 3 },
  {
    ...{ kind: 'countOfPeriods', where: { operator: 'above', threshold: 0, upper: null } },
    ...{ last: 2, periodMs: 50 },
  },
  { kind: 'aggregate', of: 'avg', window: { kind: 'sliding', ms: 120 }, partial: true },
  { kind: 'aggregate', of: 'max', window: { kind: 'sliding', ms: 60 }, partial: false },
  { kind: 'change', against: 'previous', unit: 'amount' },
  { kind: 'trailing', from: 'high', unit: 'amount' },
);

const leaf = fc
  .record({
    metric: fc.constantFrom(...METRICS),
    measure,
    operator: fc.constantFrom('above' as const, 'below' as const, 'crossesAbove' as const),
    threshold: fc.integer({ min: -3, max: 4 }),
    maxAgeMs: fc.option(fc.constantFrom(30, 300), { freq: 2 }),
  })
  .map(aLeaf);

const tree = fc.oneof(
  leaf,
  fc.tuple(leaf, leaf).map((all) => ({ all })),
  fc.tuple(leaf, leaf).map(([one, other]) => ({ any: [one, { not: other }] })),
);

const definition: fc.Arbitrary<InstanceDefinition> = fc
  .record({
    instanceId: fc.integer({ min: 1, max: 6 }),
    lifecycle: fc.constantFrom('recurring' as const, 'recurring' as const, 'once' as const),
    tree,
    forMs: fc.constantFrom(0, 0, 40),
    keepFiringMs: fc.constantFrom(0, 0, 40),
    rearmAfterMs: fc.constantFrom(null, null, 90),
    expiresAt: fc.constantFrom(null, null, 700),
    onExpiry: fc.constantFrom('cancel' as const, 'trigger' as const),
    noData: fc.option(
      fc.record({ afterMs: fc.constantFrom(50, 150), treat: fc.constantFrom('alert', 'ok', 'keep') }),
      { freq: 2 },
    ),
  })
  .map((wanted) => aComposedInstance(wanted as Parameters<typeof aComposedInstance>[0]));

const operation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      metric: fc.constantFrom(...METRICS),
      value: fc.integer({ min: -4, max: 6 }),
      // Events come early, late, out of order, and long after they happened.
      step: fc.constantFrom(0, 0, 1, 10, 25, 60, -5, -40, -300),
      wait: fc.constantFrom(0, 1, 10, 40, 200),
    }),
  },
  { weight: 4, arbitrary: definition.map((wanted) => ({ kind: 'arm' as const, wanted })) },
  { weight: 2, arbitrary: fc.nat(120).map((ms) => ({ kind: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.nat(6).map((instanceId) => ({ kind: 'disarm' as const, instanceId })) },
  { weight: 1, arbitrary: fc.nat(3).map((last) => ({ kind: 'again' as const, last })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'checkpoint' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

interface LogRecord {
  metric: string;
  event: TakenEvent;
  clock: number;
}

/** A worker and its store. `mortal`: it is killed where the operations say so, and another one takes over. */
class Worker {
  readonly changes: InstanceChange[] = [];
  private matcher = new PartitionMatcher();
  private readonly states = new Map<number, { definition: InstanceDefinition; state: InstanceState }>();
  private readonly values = new Map<string, SeriesValue>();
  private readonly measures = new Map<string, SavedMeasure>();
  private readonly log: LogRecord[] = [];
  private checkpointed = 0;
  private clock = 0;
  private latest = 0;

  constructor(private readonly mortal: boolean) {}

  run(what: Operation): void {
    const from = this.changes.length;
    this.act(what);
    for (const change of this.changes.slice(from)) this.persist(change);
    if (this.matcher.needsCheckpoint) this.checkpoint();
  }

  private act(what: Operation): void {
    if (what.kind === 'event') return this.take(this.append(what));
    if (what.kind === 'arm') return this.arm(what.wanted);
    if (what.kind === 'disarm') return this.disarm(what.instanceId);
    if (what.kind === 'wait') return this.wait(what.ms);
    if (what.kind === 'checkpoint') return this.checkpoint();
    if (what.kind === 'restart') return this.mortal ? this.restart() : undefined;
    for (const { metric, event } of this.log.slice(this.log.length - what.last))
      this.take({ metric, event, clock: this.clock });
  }

  private disarm(instanceId: number): void {
    this.matcher.disarm(instanceId);
    this.states.delete(instanceId);
  }

  private wait(ms: number): void {
    this.clock += ms;
    this.matcher.advanceClock(this.clock, this.changes);
  }

  private append({ metric, value, step, wait }: Extract<Operation, { kind: 'event' }>): LogRecord {
    this.clock += wait;
    const at = this.latest + step;
    this.latest = Math.max(this.latest, at);
    return { metric, event: { source: 's', id: `e${this.log.length}`, value, at }, clock: this.clock };
  }

  private take(record: LogRecord): void {
    this.log.push(record);
    const series = this.matcher.seriesOf(record.metric, 'gold');
    this.matcher.take(series, record.event, record.clock, this.changes);
  }

  private arm(wanted: InstanceDefinition): void {
    const change = this.matcher.arm(wanted, null, this.clock, this.changes)!;
    this.changes.push(change);
    this.states.set(wanted.instanceId, { definition: wanted, state: change });
  }

  private persist({ instanceId, state, armed, spent, transitionSeq, progress }: InstanceChange): void {
    const kept = this.states.get(instanceId)!;
    kept.state = copy({ state, armed, spent, transitionSeq, progress: progress! });
  }

  private checkpoint(): void {
    for (const each of this.matcher.drainDirty()) this.values.set(each.metric, each);
    for (const each of this.matcher.drainMeasures()) {
      if (each.state === null) this.measures.delete(`${each.metric} ${each.key}`);
      else this.measures.set(`${each.metric} ${each.key}`, copy(each));
    }
    this.checkpointed = this.log.length;
  }

  private restart(): void {
    const matcher = (this.matcher = new PartitionMatcher());
    for (const each of this.values.values()) matcher.restoreSeries(each);
    for (const each of this.measures.values()) matcher.restoreMeasure(each);
    for (const { definition: of, state } of this.states.values()) matcher.resume(copy(of), state);
    for (const { metric, event, clock } of this.log.slice(this.checkpointed))
      matcher.replayEvent(matcher.seriesOf(metric, 'gold'), event, clock);
    matcher.replayClock(this.clock);
  }
}

/** What the store gives back has been JSON. */
function copy<T>(thing: T): T {
  return JSON.parse(JSON.stringify(thing)) as T;
}

describe('a worker that is killed', () => {
  it('goes on as if it had never stopped, wherever it was and however old its checkpoint is', () => {
    let transitions = 0;
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (operations) => {
        const [mortal, immortal] = [new Worker(true), new Worker(false)];
        operations.forEach((each, n) => {
          mortal.run(each);
          immortal.run(each);
          const [found, expected] = [mortal.changes, immortal.changes].map((changes) =>
            JSON.stringify(changes),
          );
          if (found !== expected) throw new Error(`after operation ${n}\n${found}\n${expected}`);
        });
        transitions += immortal.changes.filter(({ transition }) => transition !== 'none').length;
      }),
      { numRuns: 400 },
    );
    expect(transitions).toBeGreaterThan(500);
  });
});

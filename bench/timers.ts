import { PartitionMatcher, composedTerms } from '@app/rules';
import type { InstanceChange, InstanceDefinition } from '@app/rules';
import { judged, median } from './report';
import type { Bench, Report } from './report';

const TIMERS = 1_000_000;
const EVENTS = 5_000_000;
const ROUNDS = 3;
const AFTER_MS = 600_000;
const TICK_MS = 1_000;

/** Silence of a million series: what it costs that each event puts a timer off, and whether each one ends in time. */
export const timers: Bench = {
  name: 'timers',
  run(report) {
    const world = new World();
    rearm(report, world);
    lateness(report, world);
    outage(report, world);
    return Promise.resolve();
  },
};

/** A rule "no data for ten minutes" on each of a million subjects, driven by a log clock. */
class World {
  readonly matcher = new PartitionMatcher();
  readonly changes: InstanceChange[] = [];
  readonly series: Int32Array;
  clock = 1_800_000_000_000;
  private taken = 0;

  constructor() {
    for (let n = 0; n < TIMERS; n += 1) this.matcher.arm(silenceOf(n), null, this.clock);
    this.series = Int32Array.from({ length: TIMERS }, (_, n) => this.matcher.seriesOf('load', `host:${n}`));
  }

  /** An event of a series that is in time and changes nothing but when its silence is due. */
  hear(n: number): void {
    this.taken += 1;
    const event = { source: 'bench', id: '', value: 1, at: this.clock };
    this.matcher.take(this.series[n]!, event, this.clock, this.changes);
  }

  /** Lets the log clock go on second by second. */
  wait(ms: number, everySecond: (clock: number) => void = () => undefined): void {
    for (const end = this.clock + ms; this.clock < end;) {
      this.clock += TICK_MS;
      this.matcher.advanceClock(this.clock, this.changes);
      everySecond(this.clock);
    }
  }

  /** How many alerts opened since the last call. */
  fired(): number {
    const fired = this.changes.filter(({ transition }) => transition === 'fired').length;
    this.changes.length = 0;
    return fired;
  }
}

function rearm(report: Report, world: World): void {
  const order = shuffled();
  const rates = Array.from({ length: ROUNDS + 1 }, () => {
    const began = performance.now();
    for (let event = 0; event < EVENTS; event += 1) {
      // Each series is heard every 500 seconds: its timer comes up in the wheel once in ten minutes, and is put back.
      if (event % 2_000 === 0) world.clock += TICK_MS;
      world.hear(order[event % TIMERS]!);
    }
    return EVENTS / ((performance.now() - began) / 1_000);
  });
  const ours = median(rates.slice(1));
  const goal = 5_000_000;
  const name = 'rules=1000000 series=1000000';
  report(judged({ bench: 'timers', case: name, unit: 're-arms/s', ours, goal, better: 'higher' }));
  world.changes.length = 0;
}

/** Everybody falls silent at once: when does the last alert open, after it was due? */
function lateness(report: Report, world: World): void {
  for (let n = 0; n < TIMERS; n += 1) world.hear(n);
  world.fired();
  let worst = 0;
  let told = 0;
  world.wait(AFTER_MS + 10 * TICK_MS, (clock) => {
    for (const { at, transition } of world.changes.splice(0)) {
      if (transition !== 'fired') continue;
      told += 1;
      worst = Math.max(worst, clock - at);
    }
  });
  if (told !== TIMERS) throw new Error(`${told} of ${TIMERS} silences were told`);
  report(judged({ bench: 'timers', case: 'latest', unit: 'ms', ours: worst, goal: 1_000, better: 'lower' }));
}

/** Ten minutes in which the worker did not listen, and then their backlog: nobody was silent. */
function outage(report: Report, world: World): void {
  for (let n = 0; n < TIMERS; n += 1) world.hear(n);
  world.fired();
  world.clock += AFTER_MS;
  world.matcher.resumedAt(world.clock);
  world.matcher.advanceClock(world.clock, world.changes);
  for (let n = 0; n < TIMERS; n += 1) world.hear(n);
  world.wait(AFTER_MS - TICK_MS);
  const name = 'after 10 min outage with backlog';
  report(
    judged({ bench: 'timers', case: name, unit: 'false', ours: world.fired(), goal: 0, better: 'lower' }),
  );
}

/** Subjects in no order, as events come. */
function shuffled(): Int32Array {
  return Int32Array.from({ length: TIMERS }, (_, n) => (n * 7_919) % TIMERS);
}

const CONDITION = { operator: 'above', threshold: 100, upper: null, recovery: null } as const;
const COMPOSED = composedTerms(
  { leaf: { metric: 'load', measure: { kind: 'value' }, condition: CONDITION, maxAgeMs: null } },
  { noData: { afterMs: AFTER_MS, treat: 'alert' } },
);

function silenceOf(n: number): InstanceDefinition {
  return {
    instanceId: n + 1,
    metric: 'load',
    subject: `host:${n}`,
    condition: CONDITION,
    lifecycle: 'recurring',
    onCreate: 'fireIfBreached',
    composed: COMPOSED,
  };
}

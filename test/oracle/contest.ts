import type { InstanceChange, InstanceDefinition } from '@app/rules';
import { BEGINNING, METRICS, type EventWish } from './arbitraries';
import { Engine } from './engine';
import type { OracleRecord } from './history';
import { Oracle } from './oracle';

/** What may happen to a partition. */
export type Operation =
  | EventWish
  | { kind: 'arm'; wanted: InstanceDefinition }
  /** Of two that name each other, the first to fire ends the other. */
  | { kind: 'pair'; wanted: readonly InstanceDefinition[] }
  | { kind: 'disarm'; instanceId: number }
  /** The last records come once more, as after a publisher's retry. */
  | { kind: 'again'; last: number }
  /** Time passes while the log is read to its head. */
  | { kind: 'clock'; ms: number }
  /** Last values and measures are written. */
  | { kind: 'checkpoint' }
  /** The worker is killed and another one goes on from what was stored. */
  | { kind: 'restart' }
  /** Nobody listened for so long. */
  | { kind: 'outage'; ms: number };

/** The engine beside the oracle, fed with the same; throws where they differ. */
export class Contest {
  private readonly engine = new Engine(METRICS, BEGINNING);
  private readonly oracle = new Oracle(METRICS);
  private readonly ids = new Set<number>();
  private readonly records: OracleRecord[] = [];
  private readonly latest = new Map<string, { at: number; clockAt: number }>();
  private logClock = BEGINNING;
  transitions = 0;

  /** @param onTime no event but a late one is dated before what its subject's time has reached */
  constructor(private readonly onTime = false) {
    this.oracle.advanceClock(BEGINNING);
  }

  run(what: Operation): void {
    switch (what.kind) {
      case 'arm':
        this.arm(what.wanted);
        break;
      case 'pair':
        for (const each of what.wanted) this.arm(each);
        break;
      case 'disarm':
        this.ids.delete(what.instanceId);
        this.engine.disarm(what.instanceId);
        this.oracle.disarm(what.instanceId);
        break;
      case 'event':
        this.take(this.recordOf(what));
        break;
      case 'again':
        for (const record of what.last > 0 ? this.records.slice(-what.last) : [])
          this.take({ ...record, appendedAt: this.logClock });
        break;
      case 'clock':
        this.passTime(what.ms);
        break;
      case 'checkpoint':
        this.engine.checkpoint();
        break;
      case 'restart':
        this.engine.restart();
        break;
      case 'outage':
        this.engine.restart();
        this.logClock += what.ms;
        this.engine.resumeWatching(this.logClock);
        this.oracle.resumeWatching(this.logClock);
        this.passTime(0);
        break;
    }
    for (const id of this.ids) same(this.engine.standing(id), this.oracle.standing(id), `instance ${id}`);
  }

  private arm(wanted: InstanceDefinition): void {
    this.ids.add(wanted.instanceId);
    this.agree(this.engine.arm(wanted), this.oracle.arm(wanted, this.oracle.clock));
  }

  private passTime(ms: number): void {
    this.logClock += ms;
    this.agree(this.engine.advanceClock(this.logClock), this.oracle.advanceClock(this.logClock));
  }

  /** The same (source, id) is never given twice; a repetition is a record that came before. */
  private recordOf({ metric, subject, value, step, wait }: EventWish): OracleRecord {
    this.logClock += Math.max(0, wait);
    const appendedAt = this.logClock + Math.min(0, wait);
    const key = `${metric} ${subject}`;
    const latest = this.latest.get(key)?.at ?? BEGINNING;
    const at = step < 0 || !this.onTime ? latest + step : Math.max(latest + step, this.timeOf(subject));
    if (at >= latest) this.latest.set(key, { at, clockAt: this.logClock });
    const amount = METRICS.get(metric)?.kind === 'counter' ? Math.abs(value) : value;
    const record = {
      source: 'test',
      id: `e${this.records.length}`,
      metric,
      subject,
      value: amount,
      at,
      appendedAt,
    };
    this.records.push(record);
    return record;
  }

  /** What time it is for a subject: that of its latest events, and from there on as long as the log clock ran since. */
  private timeOf(subject: string): number {
    const times = [...this.latest].filter(([key]) => key.endsWith(` ${subject}`));
    return Math.max(BEGINNING, ...times.map(([, { at, clockAt }]) => at + this.logClock - clockAt));
  }

  private take(record: OracleRecord): void {
    this.agree(this.engine.take(record), this.oracle.take(record).changes);
  }

  private agree(found: InstanceChange[], expected: InstanceChange[]): void {
    same(comparable(found), comparable(expected), 'changes');
    this.transitions += comparable(expected).length;
  }
}

/** What customers hear of: alerts that open, change and end. In order for each instance. */
export function comparable(changes: readonly InstanceChange[]): object[] {
  return changes
    .filter(({ transition }) => transition !== 'none')
    .map(({ instanceId, transition, transitionSeq, at, state, progress, openedBy, endedBy }) => ({
      instanceId,
      transition,
      transitionSeq,
      at,
      state,
      level: progress?.level ?? 0,
      openedBy: transition === 'fired' ? (openedBy ?? 'value') : undefined,
      endedBy: transition === 'recovered' ? (endedBy ?? 'value') : undefined,
    }))
    .sort((one, other) => one.instanceId - other.instanceId);
}

/** Equality by text first: the matcher of Jest takes most of the time of a run that compares a million times. */
export function same(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  throw new Error(
    `${what}: the engine says ${JSON.stringify(found)}\n the oracle says ${JSON.stringify(expected)}`,
  );
}

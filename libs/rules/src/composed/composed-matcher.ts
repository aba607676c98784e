import type { ChangeSink, InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import type { SeriesTable } from '../plain/series-table';
import { TimingWheel } from '../timers/timing-wheel';
import { ComposedInstance, startingState } from './composed-instance';
import { dateEvent, isTold } from './date-event';
import type { Dated, TakenEvent } from './date-event';
import { DATA_RETURNED, Decider, LAPSE, LOOK, SILENCE } from './decider';
import type { EventClock } from './event-clock';
import { Line } from './line';
import { Roster } from './roster';
import type { SavedMeasure } from './saved-measure';
import type { SeriesWatch } from './series-watch';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * All composed rule instances of one partition: who is woken when, and by what. The work of an event grows with the
 * measures of its series and with the instances whose cut, deadline or silence it passes, not with the rules there are.
 * What an instance then decides is the machine's; what a measure says is the measure's.
 */
export class ComposedMatcher {
  /** The log clock: as late as anything read so far. */
  clock = Number.NEGATIVE_INFINITY;
  /** No deadline is due before the log clock says so; minus infinity while instances were put back. */
  nextDueClock = NEVER;
  private readonly roster: Roster;
  private readonly decider: Decider;
  private readonly deadlines: TimingWheel;
  private resumed: ComposedInstance[] = [];
  private readonly touchSlot = (slot: number): void => this.decider.touch(this.roster.bySlot[slot]!, LOOK);

  constructor(
    private readonly series: SeriesTable,
    seriesOf: (metric: string, subject: string) => number,
  ) {
    this.roster = new Roster(series, seriesOf);
    this.decider = new Decider(series, this.roster);
    this.deadlines = new TimingWheel((clock) => this.roster.clocks[clock]?.dueClock ?? NEVER);
  }

  get size(): number {
    return this.roster.size;
  }

  get needsCheckpoint(): boolean {
    return this.roster.shelf.isUrgent;
  }

  watches(series: number): boolean {
    return this.roster.watchOf(series) !== undefined;
  }

  has(instanceId: number): boolean {
    return this.roster.find(instanceId) !== undefined;
  }

  /** @param out receives changes of other instances */
  arm(definition: InstanceDefinition, persisted: InstanceState, out: ChangeSink): InstanceChange {
    const { progress, ...fresh } = startingState({ ...persisted, progress: null }, this.clock);
    const instance = this.roster.add(definition, { ...fresh, progress }, this.clock);
    const { instanceId } = definition;
    const { clock } = instance;
    const isKnown = clock.anchorAt !== Number.NEGATIVE_INFINITY;
    const now = clock.runningAt(this.clock);
    instance.sight = instance.look(now, this.decider.lastAt);
    progress.reason = instance.sight.reason;
    // What is too old by now was found so now: an event that was held up on its way does not make it young again.
    if (instance.hasStaleLeaf) progress.decidedAt = now;
    const at = isKnown ? instance.stampOf(clock.anchorAt) : this.clock;
    const value = instance.valueToTell(this.decider.lastValue);
    let change: InstanceChange = { instanceId, ...instance.state, transition: 'none', value, at };
    this.decider.out = {
      push: (each) => (each.instanceId === instanceId ? (change = each) : out.push(each)),
    };
    if (isKnown) this.decider.step('look', instance, { at });
    this.decider.settle(instance);
    this.deadlines.schedule(clock.number, clock.dueClock);
    this.decider.out = null;
    this.foresee();
    return change;
  }

  resume(definition: InstanceDefinition, persisted: InstanceState): void {
    const instance = this.roster.add(definition, startingState(persisted, this.clock), this.clock);
    for (const line of instance.lines) line.unsettled = true;
    this.resumed.push(instance);
    this.deadlines.schedule(instance.clock.number, instance.clock.dueClock);
    this.nextDueClock = Number.NEGATIVE_INFINITY;
  }

  disarm(instanceId: number): InstanceState | null {
    const instance = this.roster.find(instanceId);
    if (!instance) return null;
    this.roster.remove(instance);
    this.decider.silences.forget(instance.slot);
    return instance.state;
  }

  /** Decides everything that is due up to this log clock. */
  advanceClock(clock: number, out: ChangeSink): void {
    this.decider.out = out;
    if (clock > this.clock) this.clock = clock;
    if (this.resumed.length > 0) this.settleResumed();
    this.passClock();
    this.decider.out = null;
  }

  /** Like `advanceClock`, but measures only go on: what was due has been decided. */
  replayClock(clock: number): void {
    if (clock > this.clock) this.clock = clock;
    this.passClock();
  }

  /** Everything is back that comes back: what no instance has asked for by now belonged to rules that have gone. */
  endReplay(clock: number): void {
    this.replayClock(clock);
    this.roster.shelf.dropUnclaimed();
  }

  resumedAt(clock: number): void {
    const { silences } = this.decider;
    silences.listeningSince = Math.max(silences.listeningSince, clock);
  }

  date(series: number, event: TakenEvent): Dated {
    return dateEvent(this.series, series, this.roster.watchOf(series), event);
  }

  /** As far as that can be said without looking long: nearly no event says what its series says. */
  isRepetition(series: number, event: TakenEvent): boolean {
    return isTold(this.series, series, event) && this.date(series, event) === 'repeated';
  }

  /** Decides what is due before an event of this time; an `older` one too. */
  beforeEvent(series: number, at: number, out: ChangeSink | null): void {
    this.decider.out = out;
    const { clocks } = this.roster.watchOf(series)!;
    for (;;) {
      let first = NEVER;
      for (const { deadlines } of clocks) first = Math.min(first, deadlines.first);
      if (first > at) return;
      for (const clock of clocks) if (clock.deadlines.first === first) this.passDeadlines(clock);
      this.decider.decide(first);
      for (const clock of clocks) this.deadlines.schedule(clock.number, clock.dueClock);
    }
  }

  /** Moves the measures of a series by an event, and decides what that changes. @param out null: it is known */
  takeEvent(series: number, event: TakenEvent, dated: 'newer' | 'older', out: ChangeSink | null): void {
    this.decider.out = out;
    const watch = this.roster.watchOf(series);
    if (!watch) return; // the last instance ended before this event
    const { at } = event;
    for (const clock of watch.clocks) {
      clock.instant = at;
      if (dated === 'newer') clock.reach(at);
    }
    if (watch.seen) this.remember(watch, event);
    for (const line of watch.lines) this.moveLine(line, event, dated);
    if (dated === 'newer' && watch.waiting) this.wake(watch);
    this.decider.decide(at);
    for (const clock of watch.clocks) this.deadlines.schedule(clock.number, clock.dueClock);
    this.decider.out = null;
    this.foresee();
  }

  /**
   * Lets events of a series pass unheard where only a value that leaves the gap could change anything: nobody
   * measures, waits, or has a deadline. Silence hears of them all the same, since it asks the series when it is due.
   */
  quieten(series: number): void {
    const watch = this.roster.watchOf(series);
    if (!watch || watch.seen || watch.waiting) return;
    if (watch.clocks.some(({ deadlines }) => deadlines.first !== NEVER)) return;
    let [low, high] = [Number.NEGATIVE_INFINITY, NEVER];
    for (const line of watch.lines) {
      if (line.tracked || line.unsettled) return;
      low = Math.max(low, line.low);
      high = Math.min(high, line.high);
    }
    this.series.quieten(series, low, high);
  }

  restoreMeasure(saved: SavedMeasure): void {
    this.roster.shelf.restore(saved);
  }

  drainMeasures(): SavedMeasure[] {
    return this.roster.shelf.drain();
  }

  private remember(watch: SeriesWatch, { source, id, at }: TakenEvent): void {
    watch.seen!.add(source, id, at, this.series.atOf(watch.series) - watch.allowedLatenessMs);
    this.roster.shelf.markSeen(watch);
  }

  private moveLine(line: Line, { value, at }: TakenEvent, dated: 'newer' | 'older'): void {
    const { tracked, clock } = line;
    if (!tracked) {
      if (dated === 'newer') this.touchAll(line, value);
      return;
    }
    if (dated === 'older' && !line.begun) return;
    line.begun = true;
    if (clock.now > at) tracked.advance(clock.now);
    if (dated === 'newer') tracked.take(value, at);
    else tracked.takeLate(value, at);
    this.readLine(line);
  }

  private readLine(line: Line): void {
    const { tracked, clock } = line;
    this.roster.shelf.markLine(line);
    clock.stand(line, tracked!.dueAt);
    this.touchAll(line, tracked!.code);
  }

  private touchAll(line: Line, code: number): void {
    const reason = Number.isNaN(code) ? line.tracked!.reason : null;
    this.roster.index.move(line, { code, reason }, this.touchSlot);
  }

  /** An event ends silences, and the age of leaves. */
  private wake(watch: SeriesWatch): void {
    const { waiting, series } = watch;
    watch.waiting = null;
    for (const instance of waiting ?? []) {
      const returns = instance.state.progress.silent && instance.lines[0]!.series === series;
      this.decider.touch(instance, returns ? DATA_RETURNED : LOOK);
    }
  }

  /** Everything that is due by the log clock, moment by moment. */
  private passClock(): void {
    for (;;) {
      const moment = Math.min(this.deadlines.peek(this.clock), this.decider.silences.wheel.peek(this.clock));
      if (moment === NEVER) break;
      const clocks: EventClock[] = [];
      while (this.deadlines.peek(moment) === moment) clocks.push(this.roster.clocks[this.deadlines.take()]!);
      while (this.decider.silences.wheel.peek(moment) === moment)
        this.decider.touch(this.roster.bySlot[this.decider.silences.wheel.take()]!, SILENCE);
      for (const clock of clocks) this.passDeadlines(clock);
      this.decider.decide(moment);
      for (const clock of clocks) this.deadlines.schedule(clock.number, clock.dueClock);
    }
    this.foresee();
  }

  /** Takes what stands at the first instant of an event clock: what is due later is put back there. */
  private passDeadlines(clock: EventClock): void {
    const { deadlines } = clock;
    const instant = deadlines.first;
    clock.instant = instant;
    for (const each of deadlines.takeFirst()) {
      if (each instanceof Line) {
        if (each.users > 0) this.passLine(each, instant);
      } else if (each instanceof ComposedInstance && each.attached) {
        if (each.nextDeadline(this.decider.lastAt) <= instant) this.decider.touch(each, LAPSE);
        else this.decider.settle(each);
      }
    }
  }

  /** A line that was due here before an event put it off lets no time pass: after a restart it would not stand here. */
  private passLine(line: Line, instant: number): void {
    const { clock, tracked } = line;
    if (tracked!.dueAt > instant) return clock.stand(line, tracked!.dueAt);
    clock.reach(instant);
    tracked!.advance(clock.now);
    this.readLine(line);
  }

  /** Instances that were put back see what the replay has left, and wait for what comes. */
  private settleResumed(): void {
    const resumed = this.resumed;
    this.resumed = [];
    for (const instance of resumed) {
      if (!instance.attached) continue;
      instance.sight = instance.look(instance.stampOf(instance.clock.anchorAt), this.decider.lastAt);
      this.decider.settle(instance);
      this.deadlines.schedule(instance.clock.number, instance.clock.dueClock);
    }
  }

  private foresee(): void {
    const next = Math.min(this.deadlines.nextDue, this.decider.silences.wheel.nextDue);
    this.nextDueClock = this.resumed.length > 0 ? Number.NEGATIVE_INFINITY : next;
  }
}

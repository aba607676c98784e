import type { ChangeSink } from '../instance';
import type { SeriesTable } from '../plain/series-table';
import type { ComposedInstance } from './composed-instance';
import { takeStep } from './machine';
import type { Step } from './machine';
import type { Roster } from './roster';
import { Silences } from './silences';
import type { Moment } from './turn';

/** What there is to do about an instance, as bits, in the order in which it is done. */
export const LAPSE = 1;
export const LOOK = 2;
export const DATA_RETURNED = 4;
export const SILENCE = 8;

type When = Pick<Moment, 'at' | 'onLogClock' | 'hasAged'>;

/** Gathers the instances that one moment concerns, and lets each of them decide once, in the order of their ids. */
export class Decider {
  /** Null while events are repeated whose effects are known: then nobody decides. */
  out: ChangeSink | null = null;
  readonly silences: Silences;
  readonly lastAt = (series: number): number => this.series.atOf(series);
  readonly lastValue = (series: number): number => this.series.valueOf(series);
  private touched: ComposedInstance[] = [];

  constructor(
    private readonly series: SeriesTable,
    private readonly roster: Roster,
  ) {
    this.silences = new Silences(series);
  }

  touch(instance: ComposedInstance, todo: number): void {
    if (instance.todo === 0) this.touched.push(instance);
    instance.todo |= todo;
  }

  /** Lets everyone decide who was touched, each once; `moment` is the log clock of silences. */
  decide(moment: number): void {
    if (this.touched.length === 0) return;
    const touched = this.touched;
    this.touched = [];
    if (touched.length > 1) touched.sort((one, other) => one.instanceId - other.instanceId);
    for (const instance of touched) {
      const { todo } = instance;
      instance.todo = 0;
      if (this.out && instance.attached) this.act(instance, todo, moment);
    }
  }

  private act(instance: ComposedInstance, todo: number, moment: number): void {
    const { clock } = instance;
    const at = instance.stampOf(clock.instant);
    if ((todo & ~SILENCE) !== 0) {
      instance.sight = instance.look(at, this.lastAt);
      const { hasAged } = instance;
      if ((todo & LAPSE) !== 0) this.step('lapse', instance, { at });
      if (!instance.state.spent)
        this.step((todo & DATA_RETURNED) !== 0 ? 'dataReturned' : 'look', instance, { at, hasAged });
    }
    if ((todo & SILENCE) !== 0) this.step('silence', instance, { at: moment, onLogClock: true });
    this.settle(instance);
  }

  step(step: Step, instance: ComposedInstance, when: When): void {
    const { rule, instanceId } = instance;
    const sight = (instance.sight ??= instance.look(instance.stampOf(instance.clock.anchorAt), this.lastAt));
    const moment = { ...when, sight, value: instance.valueToTell(this.lastValue) };
    const { state, changes } = takeStep(step, rule, instance.state, moment);
    instance.state = state;
    for (const change of changes) {
      this.out?.push({ instanceId, ...change });
      if (change.transition === 'fired') this.endPartner(instance, { ...when, hasAged: false });
    }
  }

  private endPartner({ rule }: ComposedInstance, when: When): void {
    const { partnerInstanceId } = rule.terms;
    const partner = partnerInstanceId === null ? undefined : this.roster.find(partnerInstanceId);
    if (!partner || partner.state.spent) return;
    this.step('partnerFired', partner, when);
    this.settle(partner);
  }

  /** Sees to it that the instance is woken when it next has something to decide. */
  settle(instance: ComposedInstance): void {
    if (!instance.attached) return;
    if (instance.state.spent) {
      this.roster.detach(instance);
      this.silences.forget(instance.slot);
      return;
    }
    instance.clock.stand(instance, instance.nextDeadline(this.lastAt));
    if (instance.state.progress.silent) this.awaitEvent(instance, instance.lines[0]!.series);
    for (const series of instance.awaitedSeries()) this.awaitEvent(instance, series);
    this.silences.watch(instance);
  }

  private awaitEvent(instance: ComposedInstance, series: number): void {
    this.series.disturb(series);
    this.roster.watchOf(series)!.await(instance);
  }
}

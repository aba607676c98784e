import type { ComposedTerms } from '../composed';
import type { EndedBy, InstanceChange, InstanceState, OpenedBy, Progress } from '../instance';
import type { Lifecycle } from '../rule';
import type { Sight } from './sight';

/** The state of a composed instance. */
export interface ComposedState extends InstanceState {
  progress: Progress;
}

/** Of a rule, what its machine must know. */
export interface MachineRule {
  terms: ComposedTerms;
  lifecycle: Lifecycle;
  /** What already holds as watching begins does not fire. */
  waits: boolean;
}

/** The instant of a decision, what is seen then, and the number that is told with it. */
export interface Moment {
  /** Event time, unless `onLogClock`. */
  at: number;
  onLogClock?: boolean;
  /** A leaf has become too old: that this was seen is kept, whatever else it changes, or a restart would not see it. */
  hasAged?: boolean;
  value: number;
  sight: Sight;
}

export type Decided = Omit<InstanceChange, 'instanceId'>;

type Transition =
  | { transition: 'fired'; openedBy?: OpenedBy }
  | { transition: 'recovered'; endedBy?: EndedBy }
  | { transition: 'levelChanged' }
  | { transition: 'none'; endedBy?: EndedBy };

/** One step under way: a draft of the next state, and what is to be persisted of it so far. */
export class Turn {
  readonly state: ComposedState;
  readonly changes: Decided[] = [];
  private kept: ComposedState;

  constructor(
    readonly rule: MachineRule,
    private readonly before: ComposedState,
    readonly moment: Moment,
  ) {
    this.state = { ...before, progress: { ...before.progress } };
    this.kept = before;
  }

  /** Keeps the state as it is now, with the transition that led to it. */
  keep(transition: Transition): void {
    const { at: now, value, onLogClock } = this.moment;
    const { firedAt } = this.state.progress;
    if (!onLogClock) this.state.progress.decidedAt = now;
    // Silence is stamped by the log's clock: the event that ends it may be dated before, where events come late.
    const at = transition.transition === 'recovered' ? Math.max(now, firedAt ?? now) : now;
    this.kept = { ...this.state, progress: { ...this.state.progress } };
    this.changes.push({ ...this.kept, ...transition, value, at });
  }

  /** @returns the new state; the old one itself if nothing has changed */
  finish(): ComposedState {
    const isNews = this.moment.hasAged === true && this.changes.length === 0;
    if (isNews || isOther(this.state, this.kept)) this.keep({ transition: 'none' });
    return this.changes.length > 0 ? this.state : this.before;
  }
}

function isOther(one: ComposedState, other: ComposedState): boolean {
  if (one.state !== other.state || one.armed !== other.armed || one.spent !== other.spent) return true;
  const keys = Object.keys(one.progress) as (keyof Progress)[];
  return keys.some((key) => one.progress[key] !== other.progress[key]);
}

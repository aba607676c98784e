import type { InstanceChange, InstanceDefinition, InstanceState } from '../instance';
import type { Condition, Operator } from '../rule';

interface Watched {
  definition: InstanceDefinition;
  state: InstanceState;
}

/**
 * What a rule means, written down as plainly as possible: every event looks at every instance of its series,
 * with the comparisons that the operators name. No cuts, no index, nothing shared with the engine: where the
 * two differ, one of them is wrong.
 */
export class PlainOracle {
  private watched = new Map<number, Watched>();
  private last = new Map<string, { value: number; at: number }>();

  arm(definition: InstanceDefinition, persisted: InstanceState | null): InstanceChange | null {
    const state = persisted ?? { state: 'unknown', armed: false, spent: false, transitionSeq: 0 };
    const entry: Watched = { definition, state };
    this.watched.set(definition.instanceId, entry);
    const last = this.last.get(seriesOf(definition));
    return last ? look(entry, last.value, last.at) : null;
  }

  disarm(instanceId: number): InstanceState | null {
    const state = this.watched.get(instanceId)?.state ?? null;
    this.watched.delete(instanceId);
    return state;
  }

  match(series: { metric: string; subject: string }, value: number, at: number): 'older' | InstanceChange[] {
    const last = this.last.get(seriesOf(series));
    if (last && at < last.at) return 'older';
    this.last.set(seriesOf(series), { value, at });
    const changes: InstanceChange[] = [];
    for (const entry of this.watched.values()) {
      if (seriesOf(entry.definition) !== seriesOf(series)) continue;
      const change = look(entry, value, at);
      if (change) changes.push(change);
    }
    return changes;
  }

  /** What a restart without a checkpoint of last values does. */
  forgetValues(): void {
    this.last.clear();
  }

  lastValues(): { metric: string; subject: string; value: number; at: number }[] {
    return [...this.last].map(([series, last]) => {
      const [metric = '', subject = ''] = series.split(' ');
      return { metric, subject, ...last };
    });
  }
}

function seriesOf({ metric, subject }: { metric: string; subject: string }): string {
  return `${metric} ${subject}`;
}

function look(entry: Watched, value: number, at: number): InstanceChange | null {
  const { definition, state } = entry;
  const next = nextState(definition, state, value);
  if (JSON.stringify(next) === JSON.stringify(state)) return null;
  entry.state = next;
  const transition =
    next.state === 'firing' && state.state !== 'firing'
      ? 'fired'
      : next.state !== 'firing' && state.state === 'firing'
        ? 'recovered'
        : 'none';
  return { instanceId: definition.instanceId, ...next, transition, value, at };
}

function nextState(definition: InstanceDefinition, state: InstanceState, value: number): InstanceState {
  const { condition, lifecycle } = definition;
  const isTrue = holds(condition, value);
  if (state.spent) return state;
  if (state.state === 'unknown') return firstState(definition, state, isTrue);
  if (state.state === 'ok') {
    if (!isTrue) return { ...state, armed: true };
    return state.armed ? fire(state) : state;
  }
  if (isTrue || !recovers(condition, value)) return state;
  return { ...state, state: 'ok', armed: true, spent: lifecycle === 'once' };
}

function firstState(
  { condition, onCreate }: InstanceDefinition,
  state: InstanceState,
  isTrue: boolean,
): InstanceState {
  if (!isTrue) return { ...state, state: 'ok', armed: true };
  const waits = onCreate === 'waitForCross' || condition.operator.startsWith('crosses');
  return waits ? { ...state, state: 'ok', armed: false } : fire(state);
}

function fire(state: InstanceState): InstanceState {
  return { ...state, state: 'firing', armed: true, transitionSeq: state.transitionSeq + 1 };
}

function holds({ operator, threshold, upper }: Condition, value: number): boolean {
  const top = upper ?? threshold;
  const table: Record<Operator, boolean> = {
    above: value > threshold,
    crossesAbove: value > threshold,
    atLeast: value >= threshold,
    below: value < threshold,
    crossesBelow: value < threshold,
    atMost: value <= threshold,
    between: threshold <= value && value <= top,
    outside: value < threshold || value > top,
    equals: value === threshold,
  };
  return table[operator];
}

function recovers({ operator, recovery }: Condition, value: number): boolean {
  if (recovery === null) return true;
  const isFromAbove = operator === 'above' || operator === 'atLeast' || operator === 'crossesAbove';
  return isFromAbove ? value <= recovery : value >= recovery;
}

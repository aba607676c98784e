import type { EndedBy, OpenedBy } from '../instance';
import { CLEAR, HELD } from '../plain/cuts';
import type { Truth } from '../plain/cuts';
import { levelOf } from './sight';
import { Turn } from './turn';
import type { ComposedState, Decided, MachineRule, Moment } from './turn';

/**
 * `look`: something that decides has changed. `lapse`: time passed. `silence`: no event for as long as the rule said.
 * `dataReturned`: the first event after a silence. `partnerFired`: the other one of a pair has fired.
 */
export type Step = 'look' | 'lapse' | 'silence' | 'dataReturned' | 'partnerFired';

/**
 * The state machine of a composed instance: state and moment in, state and changes out. The same look twice changes
 * nothing, so that an instance may be looked at as often as anything suggests it.
 */
export function takeStep(
  step: Step,
  rule: MachineRule,
  state: ComposedState,
  moment: Moment,
): { state: ComposedState; changes: readonly Decided[] } {
  if (state.spent) return { state, changes: [] };
  const turn = new Turn(rule, state, moment);
  STEPS[step](turn);
  return { state: turn.finish(), changes: turn.changes };
}

const STEPS: Record<Step, (turn: Turn) => void> = {
  look,
  lapse,
  silence: fallSilent,
  dataReturned,
  partnerFired: (turn) => endForGood(turn, 'partner'),
};

/** The instant at which the machine has to `lapse`; Infinity if time alone changes nothing. */
export function nextLapse(rule: MachineRule, state: ComposedState): number {
  if (state.spent) return NEVER;
  return Math.min(rule.terms.expiresAt ?? NEVER, rearmAt(rule, state), countedAt(rule, state));
}

const NEVER = Number.POSITIVE_INFINITY;

/** When an open alert ends because the rule re-arms; what silence keeps open waits for data, and for nothing else. */
function rearmAt(rule: MachineRule, state: ComposedState): number {
  const { firedAt } = state.progress;
  const { rearmAfterMs } = rule.terms;
  if (!isOpen(state) || rearmAfterMs === null || firedAt === null) return NEVER;
  return isSettledBySilence(rule, state) ? NEVER : firedAt + rearmAfterMs;
}

/** When the condition will have held, or been gone, for as long as asked. */
function countedAt({ terms }: MachineRule, { state, progress: { since } }: ComposedState): number {
  if (since === null) return NEVER;
  if (state === 'pending') return since + terms.forMs;
  return state === 'recovering' ? since + terms.keepFiringMs : NEVER;
}

function isOpen({ state }: ComposedState): boolean {
  return state === 'firing' || state === 'recovering';
}

function look(turn: Turn): void {
  const { state, rule } = turn;
  if (state.state === 'noData' || state.spent || isSettledBySilence(rule, state)) return;
  const { sight } = turn.moment;
  if (sight.reason) return seeNothing(turn);
  const { progress } = state;
  progress.reason = null;
  if (rule.terms.levels.length === 0) return seeTruth(turn, sight.truth, 0);
  // Only what was told can be left by its recovery; a condition that is still counting has to hold.
  const level = levelOf(sight, isOpen(state) ? progress.level : 0);
  seeTruth(turn, level > 0 ? HELD : CLEAR, level);
}

/**
 * What silence made of an instance stays until data return. What a window still holds, or loses by time alone, opens and
 * ends nothing: else an alert that silence keeps open would end with the next look, whenever that happened to be.
 */
function isSettledBySilence({ terms }: MachineRule, { progress }: ComposedState): boolean {
  return progress.silent && terms.noData?.treat !== 'ignore';
}

/** An open alert stays open, but what was counting stops. */
function seeNothing({ state, moment }: Turn): void {
  const { progress } = state;
  progress.reason = moment.sight.reason;
  progress.since = null;
  if (state.state === 'firing') return;
  if (state.state === 'recovering') {
    state.state = 'firing';
    return;
  }
  progress.level = 0;
  state.state = 'unknown';
}

function seeTruth(turn: Turn, truth: Truth, level: number): void {
  const wasKnown = turn.state.progress.known;
  turn.state.progress.known = true;
  switch (turn.state.state) {
    case 'unknown':
      return begin(turn, truth, level, wasKnown);
    case 'ok':
      return whileOk(turn, truth, level);
    case 'pending':
      return whilePending(turn, truth, level);
    case 'firing':
      return truth === CLEAR ? startToRecover(turn) : changeLevel(turn, level);
    case 'recovering':
      return whileRecovering(turn, truth, level);
    case 'noData':
      return;
  }
}

function whileOk(turn: Turn, truth: Truth, level: number): void {
  if (truth !== HELD) turn.state.armed = true;
  else if (turn.state.armed) breach(turn, level);
}

function whilePending(turn: Turn, truth: Truth, level: number): void {
  if (truth === HELD) turn.state.progress.level = level;
  else calmDown(turn);
}

function whileRecovering(turn: Turn, truth: Truth, level: number): void {
  if (truth === CLEAR) return;
  turn.state.state = 'firing';
  turn.state.progress.since = null;
  changeLevel(turn, level);
}

function begin(turn: Turn, truth: Truth, level: number, wasKnown: boolean): void {
  const { state, rule } = turn;
  const mayFire = wasKnown ? state.armed : !rule.waits;
  state.state = 'ok';
  state.armed = truth !== HELD || mayFire;
  if (truth === HELD && mayFire) breach(turn, level);
}

function calmDown({ state }: Turn): void {
  state.state = 'ok';
  state.progress.since = null;
  state.progress.level = 0;
}

function breach(turn: Turn, level: number): void {
  const { state, rule, moment } = turn;
  state.progress.level = level;
  if (rule.terms.forMs === 0) return fire(turn, 'value');
  state.state = 'pending';
  state.progress.since = moment.at;
}

function fire(turn: Turn, openedBy: OpenedBy): void {
  const { state, moment } = turn;
  const { progress } = state;
  const isSilence = openedBy === 'noData';
  state.transitionSeq += 1;
  state.armed = true;
  state.state = isSilence ? 'noData' : 'firing';
  progress.openedByNoData = isSilence;
  progress.firings += 1;
  progress.firedAt = moment.at;
  progress.since = null;
  turn.keep({ transition: 'fired', ...(openedBy === 'value' ? {} : { openedBy }) });
}

function startToRecover(turn: Turn): void {
  const { state, rule, moment } = turn;
  if (rule.terms.keepFiringMs === 0) return recover(turn, 'value');
  state.state = 'recovering';
  state.progress.since = moment.at;
}

function recover(turn: Turn, endedBy: EndedBy): void {
  const { state, rule } = turn;
  const { progress } = state;
  const { maxFirings } = rule.terms;
  const isOver = endedBy === 'expired' || endedBy === 'partner';
  const wasItsOnly = rule.lifecycle === 'once' && endedBy !== 'dataReturned';
  state.spent = isOver || wasItsOnly || progress.firings >= (maxFirings ?? NEVER);
  state.state = 'ok';
  state.armed = true;
  progress.since = null;
  progress.level = 0;
  progress.openedByNoData = false;
  turn.keep({ transition: 'recovered', ...(endedBy === 'value' ? {} : { endedBy }) });
}

function changeLevel(turn: Turn, level: number): void {
  if (turn.rule.terms.levels.length === 0 || level === turn.state.progress.level) return;
  turn.state.progress.level = level;
  turn.keep({ transition: 'levelChanged' });
}

/**
 * What is due at one instant, in this order: the end of the rule, what windows and ages say from now on, a cool-down, what
 * was counting. What no longer holds at the instant at which it would have held for long enough opens nothing.
 */
function lapse(turn: Turn): void {
  const { state, rule, moment } = turn;
  if (moment.at >= (rule.terms.expiresAt ?? NEVER)) return expire(turn);
  look(turn);
  if (moment.at >= rearmAt(rule, state)) openAnew(turn);
  if (moment.at < countedAt(rule, state)) return;
  if (state.state === 'pending') fire(turn, 'value');
  else recover(turn, 'value');
}

/** What has held for as long as asked, and longer, is not made to wait for that again. */
function openAnew(turn: Turn): void {
  recover(turn, 'rearmed');
  look(turn);
  if (turn.state.state === 'pending') fire(turn, 'value');
}

function expire(turn: Turn): void {
  const { state, rule } = turn;
  if (rule.terms.onExpiry === 'trigger' && state.progress.firings === 0) fire(turn, 'expiry');
  endForGood(turn, 'expired');
}

function endForGood(turn: Turn, endedBy: EndedBy): void {
  const { state } = turn;
  if (isOpen(state) || state.state === 'noData') return recover(turn, endedBy);
  if (state.state === 'pending') calmDown(turn);
  state.spent = true;
  turn.keep({ transition: 'none', endedBy });
}

function fallSilent(turn: Turn): void {
  turn.state.progress.silent = true;
  switch (turn.rule.terms.noData?.treat) {
    case 'ok':
      return calmBySilence(turn);
    case 'alert':
      return isOpen(turn.state) ? stayFiring(turn) : openBySilence(turn);
    case 'keep':
      return keepInSilence(turn);
    case 'ignore':
    case undefined:
      return;
  }
}

/** Silence counts as not holding, also before the first value: what holds after it has crossed. */
function calmBySilence(turn: Turn): void {
  const { state } = turn;
  state.progress.reason = null;
  state.progress.known = true;
  if (isOpen(state)) return recover(turn, 'noData');
  calmDown(turn);
  state.armed = true;
}

function keepInSilence(turn: Turn): void {
  const { state } = turn;
  if (isOpen(state)) return stayFiring(turn);
  state.progress.reason = 'noData';
  if (state.state !== 'pending') return;
  calmDown(turn);
  state.state = 'unknown';
}

function stayFiring({ state }: Turn): void {
  state.state = 'firing';
  state.progress.since = null;
  state.progress.reason = 'noData';
}

function openBySilence(turn: Turn): void {
  turn.state.progress.level = 0;
  turn.state.progress.reason = 'noData';
  fire(turn, 'noData');
}

/** An alert that silence opened ends, and the event is looked at as any other. */
function dataReturned(turn: Turn): void {
  const { progress } = turn.state;
  progress.silent = false;
  progress.reason = null;
  if (progress.openedByNoData) {
    progress.known = true;
    recover(turn, 'dataReturned');
  }
  look(turn);
}

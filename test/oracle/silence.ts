import type { History } from './history';
import { fire, isOpen, recover, type Effects, type Instance } from './machine';

/**
 * Section 6: when the silence of the first leaf's series is long enough, on the log clock; null if it never will be.
 * After an outage of our own a whole period must pass from when watching began again: nobody was silent, we were deaf.
 */
export function silenceDueAt(one: Instance, history: History | undefined, resumedAt: number): number | null {
  const { noData } = one.terms;
  if (!noData || noData.treat === 'ignore' || one.spent || one.silent) return null;
  return Math.max(history?.last?.clockAt ?? one.armedAt, resumedAt) + noData.afterMs;
}

export function fallSilent(one: Instance, at: number, effects: Effects): void {
  one.silent = true;
  switch (one.terms.noData?.treat) {
    case 'alert':
      if (!isOpen(one)) {
        one.level = 0;
        one.reason = 'noData';
        return fire(one, at, effects, 'noData');
      }
      return stop(one, 'firing');
    case 'ok':
      // Silence counts as a value that does not hold: what comes next may be a fresh cross.
      Object.assign(one, { reason: null, known: true });
      if (isOpen(one)) return recover(one, at, effects, 'noData');
      Object.assign(one, { state: 'ok', armed: true, since: null, level: 0 });
      return;
    case 'keep':
      if (isOpen(one)) return stop(one, 'firing');
      one.reason = 'noData';
      if (one.state === 'pending') return stop(one, 'unknown');
      return;
    case 'ignore':
    case undefined:
      return;
  }
}

function stop(one: Instance, state: 'firing' | 'unknown'): void {
  Object.assign(one, { state, since: null, reason: 'noData', level: state === 'unknown' ? 0 : one.level });
}

/**
 * An event moved the first leaf's series: an alert that silence opened ends, and the event is looked at as any other. It
 * is no first one any more: silence has said how things stood before it.
 */
export function dataReturns(one: Instance, at: number, effects: Effects): void {
  if (one.silent) one.reason = null;
  one.silent = false;
  if (one.openedByNoData) {
    one.known = true;
    recover(one, at, effects, 'dataReturned');
    if (!one.spent) one.state = 'unknown';
  }
}

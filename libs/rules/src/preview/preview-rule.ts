import { wallTime } from '@app/wall-time';
import type { InstanceChange } from '../instance';
import type { HistoryPoint } from '../history/history-point';
import type { NoticePolicy } from '../notice-policy';
import { FiringBook, type Firing } from './firings';
import { plotPoints, type PlotPoint } from './plot-points';
import { replayPast, type RuleToPreview } from './replay-past';
import { atLevel, likelyThreshold, suggestThreshold, type Pasts, type Suggestion } from './suggest-threshold';

export interface Preview {
  /** By time of opening. */
  firings: Firing[];
  /** Of the firings, those of which a message would have told; and messages of every kind. */
  told: number;
  messages: number;
  /** Every calendar month between the first event and the end, in the policy's zone: `YYYY-MM`. */
  months: { month: string; firings: number; told: number }[];
  mostOnOneDay: number;
  /** The rule's first metric, for a plot. */
  series: { subject: string; points: PlotPoint[] }[];
  /** Another threshold, where the rule would be noisy. */
  suggestion: Suggestion | null;
  /** It would have fired more than `MOST_FIRINGS` times: what came after those was not looked at. */
  isCut: boolean;
}

/** A rule may fire for ever without an event (`rearmAfter`), and whoever asks for it must not keep all others waiting. */
export const MOST_FIRINGS = 5_000;

const DAY_MS = 86_400_000;
const PLOTTED = 500;
/** More than this in a month, or in 90 days, is noise. */
const NOISY_MONTH = 4;
const NOISY_QUARTER = 10;
const QUARTER_DAYS = 90;

/**
 * What a rule would have done in the past: the very matcher and the very notices that decide in the present, walked
 * over what was kept. Deterministic; about a tenth of a second for a hundred thousand events.
 * @param policy snoozes and maintenance windows are not part of it
 */
export function previewRule(rule: RuleToPreview, policy: NoticePolicy, pasts: Pasts): Preview {
  const span = spanOf(pasts);
  const most = bearable(Math.max(1, (span.to - span.from) / DAY_MS));
  const likely = likelyThreshold(rule, pasts, { most, quiet: NOISY_MONTH });
  const { books, isCut, proved } = walk(rule, policy, pasts, likely);
  const firings = books.flatMap((book) => book.firings).sort((one, other) => one.openedAt - other.openedAt);
  const months = monthsOf(firings, span, policy.timeZone);
  const isNoisy = months.some((month) => month.firings > NOISY_MONTH) || firings.length > NOISY_QUARTER;
  return {
    firings,
    told: firings.filter((firing) => firing.told).length,
    messages: books.reduce((sum, book) => sum + book.messages, 0),
    months,
    mostOnOneDay: mostOnOneDay(firings, policy.timeZone),
    series: pasts.subjects.map(({ subject, series }) => ({
      subject,
      points: plotPoints(movesOf(series[0]?.points ?? []), PLOTTED),
    })),
    suggestion: isNoisy && !isCut ? suggestThreshold(rule, pasts, { most, likely, proved }) : null,
    isCut,
  };
}

/** Ends a walk from inside the matcher, which is thrown away with it. */
class Enough extends Error {}

/** @returns also how often the rule would have fired at the likely threshold, which is watched on the way */
function walk(
  rule: RuleToPreview,
  policy: NoticePolicy,
  { subjects, until }: Pasts,
  likely: Suggestion | null,
): { books: FiringBook[]; isCut: boolean; proved: number } {
  const conditions = [rule.condition, ...(likely ? [atLevel(rule)(likely.threshold)] : [])];
  let proved = 0;
  const books: FiringBook[] = [];
  let left = MOST_FIRINGS;
  try {
    for (const { subject, series } of subjects) {
      const book = new FiringBook(subject, policy);
      books.push(book);
      const push = (change: InstanceChange): void => {
        const hasFired = change.transition === 'fired';
        if (change.instanceId > 0) proved += hasFired ? 1 : 0;
        else if (hasFired && --left < 0) throw new Enough();
        else book.take(change);
      };
      replayPast(rule, conditions, { subject, series, until }, { push });
      book.finish(until);
    }
    return { books, isCut: false, proved };
  } catch (error) {
    if (error instanceof Enough) return { books, isCut: true, proved };
    throw error;
  }
}

/** About one a month. */
function bearable(days: number): number {
  return Math.max(1, Math.round((days * NOISY_MONTH) / QUARTER_DAYS));
}

/** Event times of the first event and of the end. */
function spanOf({ subjects, until }: Pasts): { from: number; to: number } {
  let from = until;
  let to = 0;
  const widen = ({ at }: HistoryPoint): void => {
    if (at < from) from = at;
    if (at > to) to = at;
  };
  for (const { points } of subjects.flatMap(({ series }) => series)) points.forEach(widen);
  return { from, to: Math.max(from, to) };
}

/** Without late points, which never moved the series. */
function movesOf(points: readonly HistoryPoint[]): HistoryPoint[] {
  let last = Number.NEGATIVE_INFINITY;
  return points.filter(({ at }) => at >= last && ((last = at), true));
}

function monthsOf(
  firings: readonly Firing[],
  span: { from: number; to: number },
  timeZone: string,
): Preview['months'] {
  const months = new Map<string, { month: string; firings: number; told: number }>();
  const monthAt = (at: number): { month: string; firings: number; told: number } => {
    const month = wallTime(at, timeZone).date.slice(0, 7);
    const known = months.get(month) ?? { month, firings: 0, told: 0 };
    months.set(month, known);
    return known;
  };
  for (let at = span.from; at < span.to; at += 27 * DAY_MS) monthAt(at);
  monthAt(span.to);
  for (const { openedAt, told } of firings) {
    const month = monthAt(openedAt);
    month.firings += 1;
    if (told) month.told += 1;
  }
  return [...months.values()].sort((one, other) => (one.month < other.month ? -1 : 1));
}

function mostOnOneDay(firings: readonly Firing[], timeZone: string): number {
  const days = new Map<string, number>();
  for (const { openedAt } of firings) {
    const { date } = wallTime(openedAt, timeZone);
    days.set(date, (days.get(date) ?? 0) + 1);
  }
  return Math.max(0, ...days.values());
}

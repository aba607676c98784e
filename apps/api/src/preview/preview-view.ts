import { formatScaled, type Metric } from '@app/contracts';
import type { RuleTerms } from '@app/persistence';
import {
  alertWords,
  describeRule,
  metricsByName,
  type AlertWords,
  type Firing,
  type Preview,
} from '@app/rules';
import type { Looked } from './looked';
import type { FiringView, PreviewView } from './preview.dto';

const MOST_FIRINGS = 200;
const DAY_MS = 86_400_000;

/** What a preview was made of. */
interface Made {
  terms: RuleTerms;
  subjects: readonly string[];
  metrics: ReadonlyMap<string, Metric>;
  looked: Looked;
  days: number;
}

/** A preview as its customer sees it: amounts as written, and said what it does not know. */
export function toPreviewView(preview: Preview, made: Made): PreviewView {
  const { terms, metrics } = made;
  const measured = alertWords(terms, 0, metricsByName([...metrics.values()]));
  const metric = metrics.get(terms.metric);
  const span = spanOf(made.looked);
  return {
    words: wordsOf(made),
    from: span && new Date(span.from),
    to: span && new Date(span.to),
    firingCount: preview.firings.length,
    toldCount: preview.told,
    messageCount: preview.messages,
    firings: preview.firings.slice(-MOST_FIRINGS).map((firing) => toFiringView(firing, measured.scale)),
    months: preview.months,
    mostOnOneDay: preview.mostOnOneDay,
    series: preview.series.map(({ subject, points }) => ({
      subject,
      metric: terms.metric,
      unit: metric?.unit ?? '',
      points: points.map(({ at, value }) => ({
        at: new Date(at),
        value: formatScaled(value, metric?.scale ?? 0),
      })),
    })),
    suggestion: suggestionOf(preview, measured),
    notes: [...notesOf(made, span), ...cutNote(preview)],
  };
}

function wordsOf({ terms, subjects, metrics }: Made): string {
  const entry = metrics.get(terms.metric) ?? { title: terms.metric, unit: '', scale: 0 };
  const watched =
    terms.subjectKind === 'owned'
      ? { kind: 'owned' as const }
      : { kind: 'listed' as const, subjects: [...subjects] };
  return describeRule({ ...terms, subjects: watched }, entry, [...metrics.values()]);
}

function toFiringView(
  { openedAt, resolvedAt, value, resolvedValue, ...rest }: Firing,
  scale: number,
): FiringView {
  return {
    ...rest,
    openedAt: new Date(openedAt),
    resolvedAt: resolvedAt === null ? null : new Date(resolvedAt),
    value: formatScaled(value, scale),
    resolvedValue: resolvedValue === null ? null : formatScaled(resolvedValue, scale),
  };
}

/** "It would have fired 41 times; at 60.00 EUR it would have been 4." */
function suggestionOf(
  { suggestion, firings }: Preview,
  { unit, scale }: AlertWords,
): PreviewView['suggestion'] {
  if (!suggestion) return null;
  const threshold = formatScaled(suggestion.threshold, scale);
  const level = `${threshold} ${unit}`.trim();
  return {
    threshold,
    firings: suggestion.firings,
    words: `It would have fired ${firings.length} times; at ${level} it would have been ${suggestion.firings}.`,
  };
}

interface Span {
  from: number;
  to: number;
}

function spanOf({ subjects }: Looked): Span | null {
  let span: Span | null = null;
  for (const { points } of subjects.flatMap(({ past }) => past.series)) {
    for (const { at } of points) {
      span ??= { from: at, to: at };
      if (at < span.from) span.from = at;
      if (at > span.to) span.to = at;
    }
  }
  return span;
}

function cutNote({ isCut, firings }: Preview): string[] {
  return isCut
    ? [`It would have fired more often: only the first ${firings.length} times were looked at.`]
    : [];
}

function notesOf({ looked, days }: Made, span: Span | null): string[] {
  const notes: string[] = [];
  const { subjects, watched } = looked;
  if (!span) notes.push('Nothing is kept of the past of what this rule watches.');
  else if (span.to - span.from < (days - 1) * DAY_MS) {
    notes.push(`The past that is kept begins on ${new Date(span.from).toISOString().slice(0, 10)}.`);
  }
  const coarsestMs = Math.max(0, ...subjects.map(({ past }) => past.coarsestMs));
  if (coarsestMs > 0) {
    notes.push(
      'Of what is older than a week, only the first, the last, the lowest and the highest value of every ' +
        `${coarsestMs / 60_000} minutes are kept: levels are exact, counts, sums and averages are not.`,
    );
  }
  if (subjects.length < watched) {
    notes.push(`Only ${subjects.length} of the ${watched} subjects were looked at.`);
  }
  return notes;
}

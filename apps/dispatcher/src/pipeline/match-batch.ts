import { setImmediate as othersTurn } from 'node:timers/promises';
import { EventReader, parseEvent, type Metric, type MetricEvent, type Refused } from '@app/contracts';
import type { LogRecord } from '@app/event-log';
import {
  TransitionLog,
  type HistoryBuffer,
  type InstanceChange,
  type Matched,
  type PartitionMatcher,
} from '@app/rules';

export interface MatchContext {
  matcher: PartitionMatcher;
  /** Receives what the matcher took. */
  history: HistoryBuffer;
  metrics: ReadonlyMap<string, Metric>;
  /** True if the log puts this subject into the partition being read. */
  isHome(subject: string): boolean;
  /** Receiver's clock, epoch ms. */
  now: number;
  /** The catalogue was read for this batch: what it does not name is not defined. */
  hasNewestMetrics: boolean;
}

export interface RefusedRecord extends Refused {
  record: LogRecord;
}

export interface BatchMatch {
  /** Records walked, from the first; fewer than given where the changes fill a commit, or a metric is not known. */
  taken: number;
  /** What the events changed, in the order of the log; an instance may appear several times. */
  changes: InstanceChange[];
  /** Where the last record's changes begin. */
  lastFrom: number;
  /** Epoch ms at which the log took the event behind each change. */
  causedAt: number[];
  refused: RefusedRecord[];
  /** Events whose key led them to another partition than their subject's. */
  misplaced: { subject: string; record: LogRecord }[];
  /** Dated before their series' last value, or come a second time. */
  older: number;
  /** The record after those taken names a metric that may have been defined a moment ago. */
  needsNewestMetrics: boolean;
}

/** One commit carries about so many changes: a single event may make a million, and its JSON would break. */
export const CHANGES_AT_ONCE = 5_000;

/** Stage 1 and 2: reads each record as an event and moves its series; no event holds up the next one. */
export function matchBatch(records: readonly LogRecord[], context: MatchContext): BatchMatch {
  const match: BatchMatch = {
    ...{ taken: 0, changes: [], lastFrom: 0, causedAt: [], refused: [], misplaced: [], older: 0 },
    needsNewestMetrics: false,
  };
  for (const record of records) {
    const before = match.changes.length;
    if (!matchQuickly(record, context, match) && !matchCarefully(record, context, match)) break;
    match.lastFrom = before;
    match.taken += 1;
    if (match.changes.length >= CHANGES_AT_ONCE || context.matcher.isUnfinished) break;
  }
  return match;
}

/**
 * Goes on with the last event taken where it passes very many levels. Between two pieces other partitions, timers and
 * connections get their turn; whoever calls sees to it that nothing else is asked of this matcher meanwhile.
 * @param appendedAt epoch ms, of that event
 */
export async function finishEvent(
  match: BatchMatch,
  matcher: PartitionMatcher,
  appendedAt: number,
): Promise<void> {
  while (matcher.isUnfinished) {
    await othersTurn();
    passage.clear();
    matcher.continue(passage);
    takeChanges(match, appendedAt);
  }
}

/** What the event at hand changes: it gives a part of very much, where an array would be given all at once. */
const passage = new TransitionLog();

function takeChanges({ changes, causedAt }: BatchMatch, appendedAt: number): void {
  for (const change of passage) {
    changes.push(change);
    causedAt.push(appendedAt);
  }
}

const reader = new EventReader();

/** An event as nearly all are, of a series that was named before. @returns false if it is another */
function matchQuickly(record: LogRecord, context: MatchContext, match: BatchMatch): boolean {
  const bytes = record.bytes ?? record.value;
  if (!reader.read(bytes, record.from ?? 0, record.to ?? bytes.length, context)) return false;
  const { metric, subjectFrom, subjectTo } = reader;
  const series = context.matcher.findSeriesIn(metric.name, bytes, subjectFrom, subjectTo);
  if (series < 0) return false;
  takeEvent(series, reader, metric, { record, context, match });
  return true;
}

/** @returns false if the record has to wait for the newest metrics */
function matchCarefully(record: LogRecord, context: MatchContext, match: BatchMatch): boolean {
  const parsed = parseEvent(record.value.toString('utf8'), context.metrics, context.now);
  if (!parsed.ok && parsed.reason === 'unknownMetric' && !context.hasNewestMetrics) {
    match.needsNewestMetrics = true;
    return false;
  }
  if (!parsed.ok) match.refused.push({ ...parsed, record });
  else matchEvent(parsed.event, record, context, match);
  return true;
}

function matchEvent(event: MetricEvent, record: LogRecord, context: MatchContext, match: BatchMatch): void {
  const { matcher } = context;
  let series = matcher.findSeries(event.metric, event.subject);
  if (series < 0) {
    // Only a series seen for the first time can be misplaced, so the hash is not paid for each event.
    if (!context.isHome(event.subject)) return void match.misplaced.push({ subject: event.subject, record });
    series = matcher.seriesOf(event.metric, event.subject);
  }
  takeEvent(series, event, context.metrics.get(event.metric), { record, context, match });
}

type Measured = Pick<MetricEvent, 'source' | 'id' | 'value' | 'at'>;
type Surroundings = { record: LogRecord; context: MatchContext; match: BatchMatch };

function takeEvent(
  series: number,
  event: Measured,
  metric: Metric | undefined,
  { record, context, match }: Surroundings,
): void {
  const clock = clockOf(record, context.now);
  passage.clear();
  const matched = context.matcher.take(series, event, clock, passage);
  if (isKept(matched, metric)) context.history.add(series, event.value, event.at, clock);
  if (matched !== 'moved' && matched !== 'unchanged') match.older += 1;
  if (passage.length > 0) takeChanges(match, record.appendedAt);
}

/** A preview walks what the matcher took, late events included; of a metric without retention nothing is kept. */
function isKept(matched: Matched, metric: Metric | undefined): boolean {
  return matched !== 'repeated' && matched !== 'tooLate' && metric?.retentionDays !== 0;
}

/**
 * The log's clock as the record tells it. In a topic that keeps its producers' times one of them may be wrong, and
 * the clock never goes back: from the future nothing is believed.
 */
export function clockOf(record: LogRecord, now: number): number {
  return Math.min(record.appendedAt, now);
}

/**
 * Puts back what already committed records have left since the checkpoint, without deciding anything: last values,
 * measures, and what is to be kept of them.
 */
export function replayBatch(
  records: readonly LogRecord[],
  setAside: ReadonlySet<number>,
  context: MatchContext,
): void {
  const { matcher, history, metrics } = context;
  for (const record of records) {
    if (setAside.has(record.offset)) continue;
    const parsed = parseEvent(record.value.toString('utf8'), context.metrics, context.now);
    if (!parsed.ok || !context.isHome(parsed.event.subject)) continue;
    const { metric, subject, value, at } = parsed.event;
    const series = matcher.seriesOf(metric, subject);
    const clock = clockOf(record, context.now);
    const matched = matcher.replayEvent(series, parsed.event, clock);
    if (isKept(matched, metrics.get(metric))) history.add(series, value, at, clock);
  }
}

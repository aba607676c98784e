import { parseEvent, type Metric, type Refused } from '@app/contracts';
import type { LogRecord } from '@app/event-log';
import type { InstanceChange, PartitionMatcher } from '@app/rules';

export interface MatchContext {
  matcher: PartitionMatcher;
  metrics: ReadonlyMap<string, Metric>;
  /** True if the log puts this subject into the partition being read. */
  isHome(subject: string): boolean;
  /** Receiver's clock, epoch ms. */
  now: number;
}

export interface RefusedRecord extends Refused {
  record: LogRecord;
}

export interface BatchMatch {
  /** What the events changed, in the order of the log; an instance may appear several times. */
  changes: InstanceChange[];
  /** Epoch ms at which the log took the event behind each change. */
  causedAt: number[];
  refused: RefusedRecord[];
  /** Events whose key led them to another partition than their subject's. */
  misplaced: { subject: string; record: LogRecord }[];
  /** Dated before their series' last value. */
  older: number;
}

/** Stage 1 and 2: reads each record as an event and moves its series; no event holds up the next one. */
export function matchBatch(
  records: readonly LogRecord[],
  context: MatchContext,
  match: BatchMatch = { changes: [], causedAt: [], refused: [], misplaced: [], older: 0 },
): BatchMatch {
  for (const record of records) {
    const parsed = parseEvent(record.value.toString('utf8'), context.metrics, context.now);
    if (!parsed.ok) match.refused.push({ ...parsed, record });
    else matchEvent(parsed.event, record, context, match);
  }
  return match;
}

interface Placed {
  metric: string;
  subject: string;
  value: number;
  at: number;
}

function matchEvent(event: Placed, record: LogRecord, context: MatchContext, match: BatchMatch): void {
  const { matcher } = context;
  let series = matcher.findSeries(event.metric, event.subject);
  if (series < 0) {
    // Only a series seen for the first time can be misplaced, so the hash is not paid for each event.
    if (!context.isHome(event.subject)) return void match.misplaced.push({ subject: event.subject, record });
    series = matcher.seriesOf(event.metric, event.subject);
  }
  const before = match.changes.length;
  if (matcher.match(series, event.value, event.at, match.changes) === 'older') match.older += 1;
  for (let i = before; i < match.changes.length; i += 1) match.causedAt.push(record.appendedAt);
}

/** Puts the values of already committed records back without deciding anything; see the partition's checkpoint. */
export function replayBatch(
  records: readonly LogRecord[],
  setAside: ReadonlySet<number>,
  context: MatchContext,
): void {
  for (const record of records) {
    if (setAside.has(record.offset)) continue;
    const parsed = parseEvent(record.value.toString('utf8'), context.metrics, context.now);
    if (!parsed.ok || !context.isHome(parsed.event.subject)) continue;
    context.matcher.replay(parsed.event.metric, parsed.event.subject, parsed.event.value, parsed.event.at);
  }
}

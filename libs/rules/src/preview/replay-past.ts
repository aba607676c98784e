import type { ComposedTerms } from '../composed';
import type { MetricFacts } from '../composed/metric-facts';
import type { HistoryPoint } from '../history/history-point';
import type { ChangeSink, InstanceDefinition } from '../instance';
import { PartitionMatcher } from '../partition-matcher';
import type { Condition, Lifecycle, OnCreate } from '../rule';

/** What of a rule decides when it fires. */
export interface RuleToPreview {
  metric: string;
  condition: Condition;
  lifecycle: Lifecycle;
  onCreate: OnCreate;
  composed: ComposedTerms | null;
  /** By name, what the rule's metrics are; needed where it is composed. */
  metrics: Readonly<Record<string, MetricFacts>>;
}

/** What was kept of one metric of a subject, in the order of the log. */
export interface SeriesPast {
  metric: string;
  points: readonly HistoryPoint[];
}

/**
 * Walks the past of one subject with the very matcher that watches the present, from the first event on.
 * @param conditions one instance is watched for each, its id being the position; a composed tree of one question takes
 *   it as its own
 * @param until log clock up to which time goes on after the last event, epoch ms
 */
export function replayPast(
  rule: RuleToPreview,
  conditions: readonly Condition[],
  past: { subject: string; series: readonly SeriesPast[]; until: number },
  out: ChangeSink,
): void {
  const matcher = new PartitionMatcher();
  const numbers = past.series.map(({ metric }) => matcher.seriesOf(metric, past.subject));
  const event = { source: '', id: '', value: 0, at: 0 };
  const latest = past.series.map(() => Number.NEGATIVE_INFINITY);
  let count = 0;
  walk(past.series, (which, { value, at, clock }) => {
    if (count === 0) arm(matcher, rule, conditions, { subject: past.subject, clock, out });
    count += 1;
    event.value = value;
    event.at = at;
    // Only what is not newer is looked for among its repetitions, and nothing that was kept is one.
    event.id = at > latest[which]! ? '' : String(count);
    latest[which] = Math.max(latest[which]!, at);
    matcher.take(numbers[which]!, event, clock, out);
    if (matcher.isUnfinished) throw new Error('an event of a preview passes few levels');
  });
  if (count > 0) matcher.advanceClock(past.until, out);
}

function arm(
  matcher: PartitionMatcher,
  rule: RuleToPreview,
  conditions: readonly Condition[],
  { subject, clock, out }: { subject: string; clock: number; out: ChangeSink },
): void {
  conditions.forEach((condition, instanceId) => {
    const change = matcher.arm(definitionOf(rule, condition, { subject, instanceId }), null, clock, out);
    if (change) out.push(change);
  });
}

function definitionOf(
  { metrics, composed, ...rule }: RuleToPreview,
  condition: Condition,
  instance: { subject: string; instanceId: number },
): InstanceDefinition {
  if (!composed) return { ...rule, ...instance, condition };
  return { ...rule, ...instance, condition, composed: asking(composed, condition), metrics: { ...metrics } };
}

/** The same terms on their own, with another condition where they ask a single question. */
export function asking(composed: ComposedTerms, condition: Condition): ComposedTerms {
  const { tree } = composed;
  const asked = 'leaf' in tree ? { leaf: { ...tree.leaf, condition } } : tree;
  return { ...composed, tree: asked, partnerInstanceId: null };
}

/** All points in the order of the log's clock; at equal clocks by event time, then by the order of the series. */
function walk(series: readonly SeriesPast[], take: (which: number, point: HistoryPoint) => void): void {
  const next = series.map(() => 0);
  for (;;) {
    let first = -1;
    let earliest: HistoryPoint | undefined;
    for (let i = 0; i < series.length; i += 1) {
      const point = series[i]!.points[next[i]!];
      if (point && (!earliest || isBefore(point, earliest))) [first, earliest] = [i, point];
    }
    if (!earliest) return;
    next[first]! += 1;
    take(first, earliest);
  }
}

function isBefore(one: HistoryPoint, other: HistoryPoint): boolean {
  return one.clock === other.clock ? one.at < other.at : one.clock < other.clock;
}

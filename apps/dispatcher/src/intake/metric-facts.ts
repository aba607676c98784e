import type { Metric } from '@app/contracts';
import type { StoredInstance } from '@app/persistence';
import type { ConditionTree, MetricFacts } from '@app/rules';

const ALLOWED_LATENESS_MS = 60_000;

/**
 * Gives composed instances what their measures must know of the metrics they look at.
 * @returns false if the catalogue lacks one of them: it was defined a moment ago
 */
export function addMetricFacts(
  stored: readonly StoredInstance[],
  catalogue: ReadonlyMap<string, Metric>,
): boolean {
  let isComplete = true;
  for (const { definition } of stored) {
    if (!definition.composed) continue;
    const metrics: Record<string, MetricFacts> = {};
    for (const name of metricsOf(definition.composed.tree)) {
      const metric = catalogue.get(name);
      if (metric) metrics[name] = factsOf(metric);
      else isComplete = false;
    }
    definition.metrics = metrics;
  }
  return isComplete;
}

function metricsOf(tree: ConditionTree): string[] {
  if ('leaf' in tree) return [tree.leaf.metric];
  const branches = 'not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any;
  return branches.flatMap(metricsOf);
}

function factsOf(metric: Metric): MetricFacts {
  const { kind, scale, startsAtZero = false, allowedLatenessMs = ALLOWED_LATENESS_MS } = metric;
  return { kind, scale, startsAtZero, allowedLatenessMs };
}

import type { Metric, MetricKind } from '@app/contracts';

/** What a composed rule must know of each metric that its tree names. */
export interface MetricFacts {
  kind: MetricKind;
  /** Decimals. */
  scale: number;
  /** A counter whose first event counts from zero. */
  startsAtZero: boolean;
  /** How much older than the series' latest event one may be and still enter windows, ms. */
  allowedLatenessMs: number;
}

/** Of a metric that the definition says nothing about. */
export const PLAIN_FACTS: MetricFacts = {
  kind: 'gauge',
  scale: 0,
  startsAtZero: false,
  allowedLatenessMs: 60_000,
};

/** A metric as the catalogue has it; what it leaves out is as of a plain one. */
export function factsOf(metric: Metric): MetricFacts {
  const { kind, scale, startsAtZero, allowedLatenessMs } = metric;
  return {
    ...{ kind, scale, startsAtZero: startsAtZero ?? PLAIN_FACTS.startsAtZero },
    allowedLatenessMs: allowedLatenessMs ?? PLAIN_FACTS.allowedLatenessMs,
  };
}

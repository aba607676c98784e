import type { MetricKind } from '@app/contracts';

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

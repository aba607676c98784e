/** `gauge`: a level; `counter`: only grows, may reset; `delta`: each event is an amount of its own. */
export type MetricKind = 'gauge' | 'counter' | 'delta';

/** `public`: anyone may watch any subject; `owned`: only customers who own the subject. */
export type Visibility = 'public' | 'owned';

/** Catalogue entry that every event names. */
export interface Metric {
  /** Dotted lower case, e.g. `account.balance`. */
  name: string;
  /** As a sentence uses it: "balance". */
  title: string;
  /** Unit shown after a value, e.g. `EUR`; empty for a bare number. */
  unit: string;
  /** Decimals kept exactly, 0 to 9; a value is stored as the integer value x 10^scale. */
  scale: number;
  kind: MetricKind;
  visibility: Visibility;
  /** Events dated this much before the series' last one still enter windows. Absent: 60,000. */
  allowedLatenessMs?: number;
  /** How long a series' past is kept. Absent: 90. */
  retentionDays?: number;
  /** A counter that begins at 0: the first event of a series counts as growth. */
  startsAtZero?: boolean;
}

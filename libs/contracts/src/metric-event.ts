/** One measurement, validated. */
export interface MetricEvent {
  /** Unique within its source. */
  id: string;
  /** Who measured it, e.g. `core-banking`. */
  source: string;
  metric: string;
  /** The thing measured, `kind:name`, e.g. `account:42`; also the key of the event log. */
  subject: string;
  /** Exact integer: the measured value x 10^scale of its metric. */
  value: number;
  /** When it was measured, epoch milliseconds. */
  at: number;
}

/** The same measurement as it travels: JSON text, UTF-8; see `libs/contracts/schemas/metric-event.json`. */
export interface MetricEventOnTheWire {
  id: string;
  source: string;
  metric: string;
  subject: string;
  value: number | string;
  /** RFC 3339, with zone. */
  time: string;
  attributes?: Record<string, string | number | boolean>;
}

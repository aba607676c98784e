import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the API counts; one registry per application, so that two in one process do not meet. */
export class ApiMetrics {
  readonly registry = new Registry();

  readonly requestSeconds = new Histogram({
    name: 'tidings_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  readonly eventsAccepted = new Counter({
    name: 'tidings_events_accepted_total',
    help: 'Events that the ingest has put into the event log',
    registers: [this.registry],
  });

  readonly eventsRefused = new Counter({
    name: 'tidings_events_refused_total',
    help: 'Events that the ingest has set aside, by reason',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}

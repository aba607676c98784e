import type { InstanceChange } from '@app/rules';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BatchMatch } from '../pipeline/match-batch';

/** Everything the dispatcher counts; names and labels are part of docs/OPERATIONS.md. */
export class DispatcherMetrics {
  readonly registry: Registry = new Registry();
  readonly events = this.counter('tidings_events_total', 'Events read from the log', ['outcome']);
  readonly deadLetters = this.counter('tidings_dead_letters_total', 'Events set aside', ['reason']);
  readonly transitions = this.counter('tidings_transitions_total', 'Changes of rule instances', [
    'transition',
  ]);
  readonly notifications = this.counter('tidings_notifications_planned_total', 'Notifications planned', [
    'kind',
  ]);
  readonly noticesHeld = this.counter('tidings_notices_held_total', 'Moments of alerts that were not told', [
    'reason',
  ]);
  readonly attempts = this.counter('tidings_delivery_attempts_total', 'Calls to providers', [
    'channel',
    'provider',
    'outcome',
  ]);
  readonly settled = this.counter('tidings_deliveries_settled_total', 'Where attempts left their delivery', [
    'channel',
    'state',
  ]);
  readonly takenOver = this.counter('tidings_leases_taken_over_total', 'Leases that ran out', []);
  readonly reconciled = this.counter(
    'tidings_ambiguous_reconciled_total',
    'Attempts of unknown end that were looked into before another try',
    ['answer', 'led'],
  );
  readonly polled = this.counter(
    'tidings_receipts_polled_total',
    'Questions about messages without a receipt',
    ['provider', 'answer'],
  );
  readonly providerWeight = this.gauge(
    'tidings_provider_weight',
    'Share of the traffic in points of a hundred',
    ['channel', 'provider'],
  );
  readonly providerFaults = this.gauge('tidings_provider_fault_ratio', 'Faults by calls of the last minute', [
    'channel',
    'provider',
  ]);
  readonly providerSlow = this.gauge(
    'tidings_provider_slow_ratio',
    'Messages not delivered after five minutes',
    ['channel', 'provider'],
  );
  readonly providerOpen = this.gauge('tidings_provider_open', '0 while its breaker keeps messages away', [
    'channel',
    'provider',
  ]);
  readonly templateFaults = this.counter('tidings_template_faults_total', 'Templates that failed', [
    'kind',
    'channel',
  ]);
  readonly lag = this.gauge('tidings_log_lag_events', 'Events in the log that are not committed yet', [
    'partition',
  ]);
  readonly instances = this.gauge('tidings_rule_instances', 'Rule instances held in memory', ['partition']);
  readonly commitSeconds = this.histogram(
    'tidings_commit_seconds',
    'Time to commit a batch',
    [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
  );
  readonly acceptedSeconds = this.histogram(
    'tidings_event_to_acceptance_seconds',
    'From the log taking an event to a provider accepting its message',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600],
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param records how many the batch had, refused and misplaced ones included */
  countBatch({ refused, misplaced, older, changes }: BatchMatch, records: number): void {
    const outcomes = { refused: refused.length, sentHome: misplaced.length, older };
    const evaluated = records - refused.length - misplaced.length - older;
    for (const [outcome, count] of Object.entries({ evaluated, ...outcomes })) {
      if (count > 0) this.events.inc({ outcome }, count);
    }
    for (const { reason } of refused) this.deadLetters.inc({ reason });
    this.countChanges(changes);
  }

  countChanges(changes: readonly InstanceChange[]): void {
    for (const { transition } of changes) this.transitions.inc({ transition });
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }
}

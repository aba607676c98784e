import type { Channel, Metric } from '@app/contracts';
import { AIRLINE_NEWS, CUSTOMERS } from './customers';

/** A person of the demonstration, as the host organisation would register them. */
export interface DemoCustomer {
  id: string;
  name: string;
  timeZone: string;
  language: string;
  owns: string[];
  follows: string[];
  contactPoints: { channel: Exclude<Channel, 'inbox'>; address: string }[];
  /** Switches that are not at their default; everything is on by default. */
  preferences: { topic: string; channel: Channel; enabled: boolean }[];
  rules: DemoRule[];
}

/** As `POST /v1/me/rules` takes it; `title` is unique for its customer, so that a rule is found again. */
export interface DemoRule {
  title: string;
  metric: string;
  subjects: string[] | 'owned';
  operator: string;
  threshold: string;
  upper?: string;
  recovery?: string;
  lifecycle?: 'once' | 'recurring';
  topic?: string;
  channels?: Channel[];
  notifyRecovery?: boolean;
}

/** A service alert that the airline's admin sends when the named event has been played. */
export interface DemoServiceAlert {
  /** Event of the timeline, see docs/DEMONSTRATION.md. */
  afterEvent: string;
  draft: {
    title: string;
    text: string;
    severity: 'info' | 'warning' | 'critical';
    audience: { kind: 'subjects'; subjects: string[]; relations: ('owns' | 'follows')[] };
    publicPost: boolean;
  };
}

export interface Cast {
  metrics: Metric[];
  customers: DemoCustomer[];
  serviceAlert: DemoServiceAlert;
}

const gauge = { kind: 'gauge', visibility: 'public' } as const;

/**
 * Who plays: everything that is invented. The measurements are real, see `streams/`; from those files and this
 * one anybody can work out which alerts must come (docs/DEMONSTRATION.md; test/e2e/standalone.e2e-spec.ts does).
 */
export const CAST: Cast = {
  metrics: [
    { ...gauge, name: 'index.close', title: 'closing level', unit: 'points', scale: 2 },
    { ...gauge, name: 'flight.delay', title: 'delay', unit: 'min', scale: 0 },
    { ...gauge, name: 'earthquake.magnitude', title: 'earthquake magnitude', unit: '', scale: 2 },
    { ...gauge, name: 'weather.rain', title: 'rainfall', unit: 'mm', scale: 1 },
    { ...gauge, name: 'weather.low', title: 'low of the night', unit: '°C', scale: 1 },
    // No data has it: it is here for the visitor's own first event.
    { name: 'account.balance', title: 'balance', unit: 'EUR', scale: 2, kind: 'gauge', visibility: 'owned' },
  ],
  customers: CUSTOMERS,
  serviceAlert: AIRLINE_NEWS,
};

/** The customer whose token the terminal shows. */
export const VISITOR_ID = 'ana';

import { AIRLINE_NEWS, CUSTOMERS } from './customers';
import type { Cast } from './roles';

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

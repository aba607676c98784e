/**
 * The way of an event, one line a stage, in the order in which it is walked:
 *
 * 1. read      `match-batch.ts`        a record of the event log becomes an event, or a dead letter with its reason
 * 2. match     `match-batch.ts`        libs/rules finds the rule instances that the event changed
 * 3. raise     `raise-alerts.ts`       a transition becomes an alert and a notification
 * 4. commit    `commit-batch.ts`       offset, state, alerts and notifications in one Postgres transaction
 * 5. plan      `../planning/planner.ts`       libs/preferences decides who is told, where and why: deliveries
 * 6. claim     `../delivery/delivery-loop.ts` a delivery is leased, and the lease committed
 * 7. send      `../delivery/send-delivery.ts` libs/channels calls the provider, no connection held
 * 8. settle    `../delivery/settle-delivery.ts` the outcome decides: accepted, again later, or given up with a reason
 *
 * Stages 1 to 4 run per partition in `../intake/partition-worker.ts`; stages 5 to 8 per lane.
 */
export const STAGES = ['read', 'match', 'raise', 'commit', 'plan', 'claim', 'send', 'settle'] as const;
export type Stage = (typeof STAGES)[number];

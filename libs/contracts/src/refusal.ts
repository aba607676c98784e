/** Why an event was set aside instead of evaluated; the same words label the dead-letter counter. See docs/EVENTS.md. */
export const REFUSAL_REASONS = [
  'notJson',
  'notAnEvent',
  'unknownMetric',
  'valueNotNumeric',
  'valueTooFine',
  'valueOutOfRange',
  'timeInFuture',
  'tooLarge',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** An expected failure as a value: the reason is stable, the detail says what would be right. */
export interface Refused {
  ok: false;
  reason: RefusalReason;
  detail: string;
}

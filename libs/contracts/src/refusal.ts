/** Why an event was set aside instead of evaluated; the same words label the dead-letter counter. */
export type RefusalReason =
  | 'notJson'
  | 'notAnEvent'
  | 'unknownMetric'
  | 'valueNotNumeric'
  | 'valueTooFine'
  | 'valueOutOfRange'
  | 'timeInFuture'
  | 'tooLarge';

/** An expected failure as a value: the reason is stable, the detail says what would be right. */
export interface Refused {
  ok: false;
  reason: RefusalReason;
  detail: string;
}

import type { UnknownReason } from '../instance';
import type { ChangeUnit } from '../measure';
import { codeOfPercent } from './exact-ratio';

/** Code of value minus reference; NaN where one of them is missing, where a percentage has no whole, beyond 2^53. */
export function codeOfChange(unit: ChangeUnit, value: number, reference: number): number {
  if (unit === 'percent') return codeOfShare(value, reference, Math.abs(reference));
  const difference = value - reference;
  return Number.isSafeInteger(difference) ? difference : Number.NaN;
}

/** Code of value minus reference in hundredths of a percent of `whole`, which means nothing unless it is above 0. */
export function codeOfShare(value: number, reference: number, whole: number): number {
  return whole > 0 && !Number.isNaN(value) ? codeOfPercent(value, reference, whole) : Number.NaN;
}

/** Why `codeOfChange` says nothing. */
export function whyNoChange(value: number, reference: number): UnknownReason {
  return Number.isNaN(value) || Number.isNaN(reference) ? 'warmingUp' : 'undefined';
}

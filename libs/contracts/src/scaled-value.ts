import type { Refused } from './refusal';

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
export const MAX_SCALE = POWERS.length - 1;

const DECIMAL = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?$/;

type Scaled = { ok: true; value: number } | Refused;

/**
 * Turns a measured value into the exact integer `value x 10^scale`.
 *
 * A JSON number has already been rounded to binary, so it is taken only where the way back gives the same
 * number and it stays below 10^15; larger or finer amounts come as decimal text. Nothing is ever rounded:
 * rounding could carry a value onto or over a threshold.
 */
export function toScaled(input: unknown, scale: number): Scaled {
  if (typeof input === 'number') return fromNumber(input, scale);
  if (typeof input === 'string') return fromText(input, scale);
  return refuse('valueNotNumeric', 'value must be a number or a decimal text such as "12.34"');
}

function fromNumber(input: number, scale: number): Scaled {
  if (!Number.isFinite(input)) return refuse('valueNotNumeric', 'value must be finite');
  const power = POWERS[scale] ?? Number.NaN;
  const scaled = Math.round(input * power);
  if (!(Math.abs(scaled) < 1e15)) {
    return refuse('valueOutOfRange', 'a JSON number of this size is not exact; send it as decimal text');
  }
  if (scaled / power !== input) {
    return refuse('valueTooFine', `value has more than the metric's ${scale} decimals`);
  }
  return { ok: true, value: scaled === 0 ? 0 : scaled };
}

function fromText(input: string, scale: number): Scaled {
  const quick = quickScaled(input, scale);
  return Number.isNaN(quick) ? carefulScaled(input, scale) : { ok: true, value: quick };
}

/** Plain amounts of up to 15 digits, by their digits; NaN means only that the other way has to decide. */
function quickScaled(input: string, scale: number): number {
  const start = input.charCodeAt(0) === 45 ? 1 : 0;
  const point = input.indexOf('.');
  const isBare = input.length === start || point === start || point === input.length - 1;
  if (isBare || input.length > 17) return Number.NaN;
  const digits = digitsOf(input, start);
  const decimals = point < 0 ? 0 : input.length - 1 - point;
  const value = digits * (POWERS[scale - decimals] ?? Number.NaN);
  return digits < 1e15 && value < 1e15 ? signed(value, start === 1) : Number.NaN;
}

function signed(value: number, isNegative: boolean): number {
  return isNegative && value > 0 ? -value : value;
}

/** All digits as one number, as if there were no point. */
function digitsOf(input: string, start: number): number {
  let digits = 0;
  let points = 0;
  for (let i = start; i < input.length; i += 1) {
    const code = input.charCodeAt(i);
    if (code === 46) points += 1;
    else if (code < 48 || code > 57) return Number.NaN;
    else digits = digits * 10 + code - 48;
  }
  return points <= 1 ? digits : Number.NaN;
}

function carefulScaled(input: string, scale: number): Scaled {
  const match = DECIMAL.exec(input);
  if (!match) return refuse('valueNotNumeric', 'text must be a plain decimal number such as "12.34"');
  const [, sign, whole = '', fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > scale) {
    return refuse('valueTooFine', `value has more than the metric's ${scale} decimals`);
  }
  const digits = Number(whole + significant.padEnd(scale, '0'));
  if (!Number.isSafeInteger(digits)) {
    return refuse('valueOutOfRange', 'value does not fit the exact range of the metric (2^53 at its scale)');
  }
  return { ok: true, value: digits === 0 ? 0 : sign === '-' ? -digits : digits };
}

/** Writes a scaled integer as decimal text by putting the point back; never divides. */
export function formatScaled(value: number, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const sign = value < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function refuse(reason: Refused['reason'], detail: string): Refused {
  return { ok: false, reason, detail };
}

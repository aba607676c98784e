import type { Refused } from './refusal';

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
export const MAX_SCALE = POWERS.length - 1;

const MINUS = 45;
const POINT = 46;

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
  const quick = input.length > MAX_QUICK ? Number.NaN : quickScaled(unitsOf(input), 0, input.length, scale);
  return Number.isNaN(quick) ? carefulScaled(input, scale) : { ok: true, value: quick };
}

/** Longest amount that is read by its digits: a sign, 15 digits and a point. */
const MAX_QUICK = 17;

const units = new Uint16Array(MAX_QUICK);

/** The text, one number a character, so that a text and the bytes of one are read by the same lines. */
function unitsOf(input: string): Uint16Array {
  for (let i = 0; i < input.length; i += 1) units[i] = input.charCodeAt(i);
  return units;
}

/**
 * Reads a plain amount of up to 15 digits from text or bytes, by its digits.
 * @returns the scaled integer; NaN means only that `toScaled` has to decide
 */
export function quickScaled(codes: ArrayLike<number>, from: number, to: number, scale: number): number {
  const start = from < to && codes[from] === MINUS ? from + 1 : from;
  const point = pointIn(codes, start, to);
  if (to - from > MAX_QUICK || start === to || point === start || point === to - 1) return Number.NaN;
  const digits = digitsIn(codes, point + 1, to, digitsIn(codes, start, point, 0));
  const decimals = Math.max(0, to - 1 - point);
  const value = digits * (POWERS[scale - decimals] ?? Number.NaN);
  return digits < 1e15 && value < 1e15 ? signed(value, start > from) : Number.NaN;
}

/** @returns where the first point stands, `to` without one */
function pointIn(codes: ArrayLike<number>, from: number, to: number): number {
  let at = from;
  while (at < to && codes[at] !== POINT) at += 1;
  return at;
}

/** @param before the number that these digits continue */
function digitsIn(codes: ArrayLike<number>, from: number, to: number, before: number): number {
  let digits = before;
  for (let at = from; at < to; at += 1) {
    const digit = codes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    digits = digits * 10 + digit;
  }
  return digits;
}

function signed(value: number, isNegative: boolean): number {
  return isNegative && value > 0 ? -value : value;
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

/** The same for people: "1,204.50". Exact, since digits are grouped as text. */
export function groupedAmount(value: number, scale: number): string {
  const [whole = '', fraction] = formatScaled(value, scale).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function refuse(reason: Refused['reason'], detail: string): Refused {
  return { ok: false, reason, detail };
}

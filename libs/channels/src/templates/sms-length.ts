import { cutText } from './cut-text';

const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_EXTENDED = new Set('^{}\\[~]|€\f');

/** A text is billed by segment; three are enough for a service alert and keep a broadcast's cost in sight. */
export const MAX_SEGMENTS = 3;

/**
 * How many segments a text message takes: 160 letters of GSM 03.38 in one and 153 in each of several, or 70 and 67
 * UTF-16 units as soon as one letter is outside that alphabet.
 */
export function smsSegments(text: string): number {
  return measureSms(text).segments;
}

/** How a text message is sent and billed. */
export interface SmsMeasure {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
  /** Letters that the last segment still takes; in UCS-2, of those that are one UTF-16 unit. */
  lettersLeft: number;
  /** Letters that made it UCS-2, each once; empty with GSM-7. */
  outsideGsm: string[];
}

/** As `smsSegments` counts, with all that explains the count. */
export function measureSms(text: string): SmsMeasure {
  const outside = new Set<string>();
  const septets = ONE_SEPTET_EACH.test(text) ? text.length : countSeptets(text, outside);
  const isGsm = outside.size === 0;
  const [length, single, part] = isGsm ? [septets, 160, 153] : [text.length, 70, 67];
  const count = segments(length, single, part);
  return {
    encoding: isGsm ? 'GSM-7' : 'UCS-2',
    segments: count,
    lettersLeft: count === 1 ? single - length : count * part - length,
    outsideGsm: [...outside],
  };
}

/** What most texts are made of: letters that need not be looked up one by one. */
const ONE_SEPTET_EACH = /^[ -Za-z_\n\r]*$/;

/** @param outside gathers what the alphabet lacks */
function countSeptets(text: string, outside: Set<string>): number {
  let septets = 0;
  for (const letter of text) {
    const isExtended = GSM_EXTENDED.has(letter);
    if (!isExtended && !GSM_BASIC.has(letter)) outside.add(letter);
    septets += isExtended ? 2 : 1;
  }
  return septets;
}

function segments(length: number, single: number, part: number): number {
  return length <= single ? 1 : Math.ceil(length / part);
}

/** The first text that fits one segment; if none does, the last one, cut to `MAX_SEGMENTS`. */
export function fitSms(texts: readonly string[]): string {
  const plain = texts.map(plainPunctuation);
  const short = plain.find((text) => smsSegments(text) <= 1);
  return (
    short ?? cutText(plain.at(-1) ?? '', (text) => smsSegments(text) <= MAX_SEGMENTS, 160 * MAX_SEGMENTS)
  );
}

const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚′]/g, "'"],
  [/[“”„″]/g, '"'],
  [/[‐‑‒–—−]/g, '-'],
  [/…/g, '...'],
  [/[\u00a0\u2009\u202f]/g, ' '],
  [/°(?=[CF]\b)/g, ''], // "21.5 C": the sign is in no alphabet of text messages
  [/ ?°/g, ' deg'],
  [/[·•]/g, '-'],
  [/×/g, 'x'],
  [/[µμ]/g, 'u'],
  [/[²₂]/g, '2'],
  [/[³₃]/g, '3'],
  [/≤/g, '<='],
  [/≥/g, '>='],
  [/→/g, '->'],
  [/[`´]/g, "'"],
];

/** One typographic quote, or the sign of a unit, would more than halve what fits into a segment. */
export function plainPunctuation(text: string): string {
  if (ONE_SEPTET_EACH.test(text)) return text;
  return PLAIN.reduce((plain, [fancy, ascii]) => plain.replace(fancy, ascii), text);
}

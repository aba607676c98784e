import { cutText } from './cut-text';

export const MAX_POST_WEIGHT = 280;
const LINK_WEIGHT = 23;
/** UTF-16 units beyond which nothing is weighed, so that no text can make the search for links slow. */
const LONGEST_WEIGHED = 4_000;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
/** What X would turn into a link, with a scheme or without ("example.com"); a match too many only counts too much. */
const LINK = /https?:\/\/\S+|[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}\S*/giu;
/** What X certainly turns into one, so that its letters need not be counted. */
const SURE_LINK =
  /^https?:\/\/([a-z0-9-]+\.)+([a-z]{2}|com|org|net|info|gov|edu|int|app|dev)([/?#][\w/.~%?=&#+-]*)?$/i;

/**
 * The length of a post as X counts it: 280 in all, where letters of most European scripts count 1, all others and a
 * whole emoji 2, a link 23 whatever its length. Rounded up where our reading of a link is coarser than theirs.
 * @see https://docs.x.com/fundamentals/counting-characters
 */
export function postWeight(text: string): number {
  const normal = text.normalize('NFC');
  let weight = lettersWeight(normal);
  for (const [link] of normal.matchAll(LINK)) {
    const difference = LINK_WEIGHT - lettersWeight(link);
    weight += SURE_LINK.test(link) ? difference : Math.max(0, difference);
  }
  return weight;
}

function lettersWeight(text: string): number {
  let weight = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (EMOJI.test(segment)) weight += 2;
    else for (const letter of segment) weight += isLight(letter.codePointAt(0) ?? 0) ? 1 : 2;
  }
  return weight;
}

function isLight(code: number): boolean {
  return (
    code <= 4351 ||
    (code >= 8192 && code <= 8205) ||
    (code >= 8208 && code <= 8223) ||
    (code >= 8242 && code <= 8247)
  );
}

/** The first text that fits a post; if none does, the last one, cut. */
export function fitPost(texts: readonly string[]): string {
  const fits = (text: string) => text.length <= LONGEST_WEIGHED && postWeight(text) <= MAX_POST_WEIGHT;
  return texts.find(fits) ?? cutText(texts.at(-1) ?? '', fits, MAX_POST_WEIGHT);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** How far back from the cut the end of a word may be; a longer word is cut in two. */
const LONGEST_STEP_BACK = 20;

/**
 * Shortens a text until it fits and says so with an ellipsis. Never cuts inside a character as people see it
 * (an accent, a flag, a family emoji), and at the end of a word where one is near.
 * @param fits whether a whole text is short enough; asked with ever shorter texts
 * @param most graphemes that can possibly fit, so that a very long text is not tried letter by letter
 */
export function cutText(text: string, fits: (text: string) => boolean, most: number): string {
  if (fits(text)) return text;
  // A "character" may be one letter under a thousand accents; then there is no better place than between those.
  return cutAt(firstOf(lettersOf(text), most), fits) ?? cutAt(firstOf(text, most), fits) ?? '';
}

function cutAt(letters: string[], fits: (text: string) => boolean): string | null {
  while (letters.length > 0) {
    if (fits(ended(letters))) return ended(letters);
    letters.pop();
  }
  return null;
}

function* lettersOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function firstOf(letters: Iterable<string>, most: number): string[] {
  const first: string[] = [];
  for (const letter of letters) if (first.push(letter) >= most) break;
  return first;
}

function ended(letters: readonly string[]): string {
  const space = letters.lastIndexOf(' ');
  const atWord = space > 0 && letters.length - space <= LONGEST_STEP_BACK ? letters.slice(0, space) : letters;
  return `${atWord.join('').replace(/[\s.,;:–-]+$/u, '')}...`;
}

/** Control characters, and the marks with which a title could reverse the text around it (U+202A–E, U+2066–9). */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Makes one line of what a person or a system wrote: no line breaks (they would forge mail headers), no invisible
 * marks, no halves of characters (no encoding can carry them).
 */
export function cleanLine(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd').replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
}

/** The same for a longer text, keeping its paragraphs. */
export function cleanParagraphs(text: string): string[] {
  return text
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map(cleanLine)
    .filter((line) => line !== '');
}

/**
 * Languages that Twilio's basic voices speak, by their first part; whatever else a text is in is read by the voice of
 * `en-US`, whose reading of it people will at least recognise as a call of ours.
 * @see https://www.twilio.com/docs/voice/twiml/say#language
 */
const SPOKEN: Readonly<Record<string, string>> = {
  da: 'da-DK',
  de: 'de-DE',
  en: 'en-US',
  es: 'es-ES',
  fi: 'fi-FI',
  fr: 'fr-FR',
  it: 'it-IT',
  ja: 'ja-JP',
  ko: 'ko-KR',
  nb: 'nb-NO',
  nl: 'nl-NL',
  pl: 'pl-PL',
  pt: 'pt-PT',
  ru: 'ru-RU',
  sv: 'sv-SE',
  zh: 'zh-CN',
};
/** Whole tags that are spoken as they are. */
const EXACT = new Set(['en-AU', 'en-CA', 'en-GB', 'en-IN', 'es-MX', 'fr-CA', 'pt-BR', 'zh-HK', 'zh-TW']);

/** Twilio takes 4,000 letters of a document in the request itself. */
const MAX_DOCUMENT = 4_000;
const FRAME_LENGTH = 200;

/**
 * What a call says: the text, a pause, and the text again, for whoever picked up late or listened late.
 * @param language BCP 47
 * @returns TwiML; a text too long to be said twice is said once, and one too long for that is cut
 */
export function spokenDocument(text: string, language: string): string {
  const once = say(spoken(text), voiceOf(language));
  const [twice, single] = [`${once}<Pause length="1"/>${once}`, once];
  if (twice.length + FRAME_LENGTH <= MAX_DOCUMENT) return frame(twice);
  if (single.length + FRAME_LENGTH <= MAX_DOCUMENT) return frame(single);
  // Escaping makes a letter up to six long.
  return frame(say(spoken(text).slice(0, (MAX_DOCUMENT - FRAME_LENGTH) / 6), voiceOf(language)));
}

/** A code or an account's number is read digit by digit, and a zone by the name of its city. */
function spoken(text: string): string {
  return text
    .replace(/(?<![\d.,])\d{6,}(?![\d.,]\d)/g, (digits) => [...digits].join(' '))
    .replace(/ \((?:[A-Z]\w*\/)+(\w+)\)/g, (_zone, city: string) => `, ${city.replace(/_/g, ' ')} time`);
}

function frame(words: string): string {
  // A second before the first word: the receiver is still on its way to the ear.
  return `<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1"/>${words}</Response>`;
}

function say(text: string, language: string): string {
  return `<Say language="${language}">${escaped(text)}</Say>`;
}

function voiceOf(language: string): string {
  const [base = '', region] = language.split('-');
  const tag = region ? `${base.toLowerCase()}-${region.toUpperCase()}` : '';
  return EXACT.has(tag) ? tag : (SPOKEN[base.toLowerCase()] ?? 'en-US');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

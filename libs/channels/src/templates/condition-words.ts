import type { AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';
import { lowerFirst, measureWords, valueWords } from './wording';

/** A condition as it was worded follows "X, which …"; that of several questions is a sentence of its own, in quotes. */
const OF_SEVERAL = /^meets “(.*)”$/su;
const CROSSING = /^(rises|falls) /;
const PAST: readonly (readonly [RegExp, string])[] = [
  [/^is /, 'was '],
  [/^rises /, 'rose '],
  [/^falls /, 'fell '],
];

/** "Your balance on account 42 is now 92.10 EUR, which is below 100.00 EUR." */
export function nowWords(facts: AlertFacts): string {
  const [measure, value] = [measureWords(facts), valueWords(facts)];
  const condition = cleanLine(facts.condition);
  if (severalOf(condition) !== null) return `${measure} is now ${value}. ${askedWords(facts)}`;
  if (CROSSING.test(condition)) return `${measure} ${past(condition)}. It is now ${value}.`;
  return `${measure} is now ${value}, which ${condition}.`;
}

/** "Your balance on account 42 was 92.10 EUR, which is below 100.00 EUR." */
export function thenWords(facts: AlertFacts): string {
  const [measure, value] = [measureWords(facts), valueWords(facts)];
  const condition = cleanLine(facts.condition);
  if (severalOf(condition) !== null) return `${measure} was ${value}. ${askedWords(facts)}`;
  if (CROSSING.test(condition)) return `${measure} ${past(condition)}. It was ${value}.`;
  return `${measure} was ${value}, which ${condition}.`;
}

/** "You asked to hear when it is below 100.00 EUR." */
export function askedWords(facts: Pick<AlertFacts, 'condition'>): string {
  const condition = cleanLine(facts.condition);
  return `You asked to hear when ${severalOf(condition) ?? `it ${condition}`}.`;
}

/** "your balance on account 42 is below 100.00 EUR", as it follows "when". */
export function conditionWords(facts: AlertFacts): string {
  const condition = cleanLine(facts.condition);
  return severalOf(condition) ?? `${lowerFirst(measureWords(facts))} ${condition}`;
}

/** "Your balance on account 42 was never below 100.00 EUR before the time of your alert was up." */
export function neverWords(facts: AlertFacts): string {
  const condition = cleanLine(facts.condition);
  const tooLate = 'before the time of your alert was up';
  if (severalOf(condition) !== null) return `It never came to it ${tooLate}. ${askedWords(facts)}`;
  const never = CROSSING.test(condition)
    ? `never ${past(condition)}`
    : past(condition).replace(/^was /, 'was never ');
  return `${measureWords(facts)} ${never} ${tooLate}.`;
}

function severalOf(condition: string): string | null {
  return OF_SEVERAL.exec(condition)?.[1] ?? null;
}

function past(condition: string): string {
  return PAST.reduce((words, [now, then]) => words.replace(now, then), condition);
}

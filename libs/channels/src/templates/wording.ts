import { groupedAmount, type AlertFacts } from '@app/contracts';
import { cleanLine } from './clean-text';

/** "account:42" is on something, "place:Seattle" in it; the rest takes "of". */
const PREPOSITIONS: Readonly<Record<string, string>> = {
  account: 'on',
  card: 'on',
  meter: 'on',
  place: 'in',
  city: 'in',
  region: 'in',
  station: 'at',
  sensor: 'at',
  site: 'at',
};
/** Kinds that a name of its own says already: "in Seattle", not "in place Seattle". */
const SILENT_KINDS = new Set(['place', 'city', 'region']);

/** "account:42" as a sentence says it: "account 42". */
export function subjectWords(subject: string): string {
  const { kind, name } = splitSubject(subject);
  return cleanLine(kind === '' || SILENT_KINDS.has(kind) ? name : `${kind.replace(/_/g, ' ')} ${name}`);
}

type Measured = Pick<
  AlertFacts,
  'metricTitle' | 'metric' | 'subject' | 'owned' | 'measure' | 'span' | 'openedBy' | 'endedBy'
>;

/**
 * What is measured, as the start of a sentence: "Your balance on account 42", "The delay of flight UA123", "The number of
 * payments on your card 7 within 1 day".
 */
export function measureWords(facts: Measured): string {
  const { title, span, isMetric } = partsOf(facts);
  const { kind } = splitSubject(facts.subject);
  const preposition = PREPOSITIONS[kind] ?? 'of';
  const subject = subjectWords(facts.subject);
  if (isMetric) return `${facts.owned ? 'Your' : 'The'} ${title} ${preposition} ${subject}`;
  const isNamedYours = facts.owned && kind !== '' && !SILENT_KINDS.has(kind);
  return `The ${title} ${preposition} ${isNamedYours ? 'your ' : ''}${subject}${span}`;
}

/** The same as a title has it: "balance of account 42". */
export function titleWords(facts: Measured): string {
  const { title, span } = partsOf(facts);
  const isPlace = SILENT_KINDS.has(splitSubject(facts.subject).kind);
  return `${title} ${isPlace ? 'in' : 'of'} ${subjectWords(facts.subject)}${span}`;
}

/** Silence is the metric's, whatever number is made of it. */
export function isOfSilence({ openedBy, endedBy }: Pick<AlertFacts, 'openedBy' | 'endedBy'>): boolean {
  return openedBy === 'noData' || endedBy === 'noData' || endedBy === 'dataReturned';
}

function partsOf(facts: Measured): { title: string; span: string; isMetric: boolean } {
  const measure = isOfSilence(facts) ? '' : cleanLine(facts.measure ?? '');
  const span = cleanLine(facts.span ?? '');
  if (measure === '')
    return { title: cleanLine(facts.metricTitle) || cleanLine(facts.metric), span: '', isMetric: true };
  return span !== '' && measure.endsWith(` ${span}`)
    ? { title: measure.slice(0, -span.length - 1), span: ` ${span}`, isMetric: false }
    : { title: measure, span: '', isMetric: false };
}

function splitSubject(subject: string): { kind: string; name: string } {
  const colon = subject.indexOf(':');
  return colon < 0
    ? { kind: '', name: subject }
    : { kind: subject.slice(0, colon), name: subject.slice(colon + 1) };
}

/** A scaled value with its unit: "1,204.50 EUR". Exact: digits are grouped as text, never divided. */
export function valueWords(facts: Pick<AlertFacts, 'value' | 'scale' | 'unit'>): string {
  const number = groupedAmount(facts.value, facts.scale);
  const unit = cleanLine(facts.unit);
  return unit === '' ? number : `${number} ${unit}`;
}

const MINUTE = 60_000;
const UNITS: readonly (readonly [string, number])[] = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

/** How long something lasted, in its two largest units: "2 hours 5 minutes", "less than a minute". */
export function lastedWords(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return 'less than a minute';
  let rest = ms;
  const parts: string[] = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Only for sentences of ours, which begin with "The" or "Your". */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

import { wallTime } from '@app/wall-time';
import type { ComposedTerms } from '../composed';
import { durationWords } from './duration-words';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * What composed terms add about time and ends: whole sentences, in order, each only where it applies.
 * @param tellsEnds whether the customer hears of ends
 */
export function describeTimes(terms: ComposedTerms, timeZone: string, tellsEnds: boolean): string[] {
  const { forMs, keepFiringMs, rearmAfterMs, maxFirings } = terms;
  return [
    ...(forMs === 0 ? [] : [`It waits until this has been so for ${durationWords(forMs)} without a break.`]),
    ...(keepFiringMs === 0
      ? []
      : [`It counts as over when it has been over for ${durationWords(keepFiringMs)}.`]),
    ...silenceWords(terms.noData, tellsEnds),
    ...(rearmAfterMs === null
      ? []
      : [
          `${anAlert(terms)} ends after ${durationWords(rearmAfterMs)} at the latest; if it is so then, the next one begins.`,
        ]),
    ...(maxFirings === null ? [] : [endWords(maxFirings)]),
    ...expiryWords(terms, timeZone),
  ];
}

/** One that silence opened, or keeps open, waits for news and for nothing else. */
function anAlert({ noData }: ComposedTerms): string {
  return noData?.treat === 'alert' || noData?.treat === 'keep' ? 'Any other alert' : 'An alert';
}

function endWords(maxFirings: number): string {
  return `It ends after ${maxFirings === 1 ? 'one alert' : `${maxFirings} alerts`} on a subject.`;
}

function silenceWords(noData: ComposedTerms['noData'], tellsEnds: boolean): string[] {
  if (!noData) return [];
  const silence = `If nothing is heard for ${durationWords(noData.afterMs)},`;
  switch (noData.treat) {
    case 'alert':
      return [`${silence} it tells you that, ${tellsEnds ? 'and again' : 'but not'} when there is news.`];
    case 'ok':
      return [`${silence} that counts as over.`];
    case 'keep':
      return [`${silence} an alert stays open, and what was waiting stops.`];
    case 'ignore':
      return [`${silence} that changes nothing.`];
    default:
      return noData.treat satisfies never;
  }
}

function expiryWords({ expiresAt, onExpiry }: ComposedTerms, timeZone: string): string[] {
  if (expiresAt === null) return [];
  const end = `It ends on ${instantWords(expiresAt, timeZone)}`;
  return [onExpiry === 'trigger' ? `${end}; if it never told you until then, it does so then.` : `${end}.`];
}

/** "24 December 2026, 18:00 (Europe/Berlin)" */
function instantWords(at: number, timeZone: string): string {
  const { date, minutes } = wallTime(at, timeZone);
  const [year, month, day] = date.split('-').map(Number);
  const time = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}, ${time} (${timeZone})`;
}

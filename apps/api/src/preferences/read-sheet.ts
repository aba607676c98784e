import type { Cap, Digest, FallbackStep, PreferenceSheet } from '@app/contracts';
import { checkSheet } from '@app/preferences';
import { readDuration, writeDuration } from '../http/duration';
import { invalid, type FieldProblem } from '../http/problem';
import { DIGEST_EVERY, type SheetDto, type StepDto } from './sheet.dto';

type Read<T> = { read: T } | { problems: FieldProblem[] };

/**
 * A sheet as it is kept.
 * @param critical topics that wait for nobody, with their reasons
 * @throws Problem that names everything that is wrong, by its path in the request
 */
export function readSheet(written: SheetDto, critical: ReadonlyMap<string, string>): PreferenceSheet {
  const { digests, caps, steps, ...rest } = written;
  const problems: FieldProblem[] = [];
  const keep = <T>(result: Read<T>): T[] => {
    if ('read' in result) return [result.read];
    problems.push(...result.problems);
    return [];
  };
  const byName = <T>(field: string, entries: object, read: (field: string, value: unknown) => Read<T>) =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([name, value]) =>
        keep(read(`${field}.${name}`, value)).map((each): [string, T] => [name, each]),
      ),
    );
  const sheet: PreferenceSheet = {
    ...rest,
    ...(digests ? { digests: byName('digests', digests, readDigest) } : {}),
    ...(caps ? { caps: byName('caps', caps, readCap) } : {}),
    ...(steps ? { steps: steps.map(readStep) } : {}),
  };
  problems.push(...checkSheet(sheet, critical));
  if (problems.length > 0)
    throw invalid(problems.map((problem) => ({ ...problem, field: `sheet.${problem.field}` })));
  return sheet;
}

export function writeSheet({ steps, ...sheet }: PreferenceSheet): SheetDto {
  return { ...sheet, ...(steps ? { steps: steps.map(writeStep) } : {}) };
}

/** The values of a record are not classes: the validator does not look at them. */
export function readDigest(field: string, value: unknown): Read<Digest> {
  const { every, at, day, ...more } = (isRecord(value) ? value : {}) as Record<string, unknown>;
  if (!DIGEST_EVERY.includes(every as Digest['every'])) {
    const wouldBeRight = DIGEST_EVERY.join(', ');
    return { problems: [{ field: `${field}.every`, problem: 'is not known', wouldBeRight }] };
  }
  const extra = { ...more, ...unasked(every as Digest['every'], at, day) };
  if (Object.keys(extra).length > 0) return { problems: unknownFields(field, extra) };
  // What is missing where it is needed is found by the check of the sheet.
  if (every === 'week') return { read: { every, day: day as number, at: String(at) } };
  if (every === 'day') return { read: { every, at: String(at) } };
  return { read: { every: every as 'time' | 'hour' } };
}

function unasked(every: Digest['every'], at: unknown, day: unknown): Record<string, unknown> {
  const hasTime = every === 'day' || every === 'week';
  return {
    ...(at === undefined || hasTime ? {} : { at }),
    ...(day === undefined || every === 'week' ? {} : { day }),
  };
}

function readCap(field: string, value: unknown): Read<Cap> {
  const { perHour, perDay, ...more } = (isRecord(value) ? value : {}) as Cap & Record<string, unknown>;
  if (Object.keys(more).length > 0) return { problems: unknownFields(field, more) };
  return {
    read: { ...(perHour === undefined ? {} : { perHour }), ...(perDay === undefined ? {} : { perDay }) },
  };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownFields(field: string, more: object): FieldProblem[] {
  return Object.keys(more).map((name) => ({
    field: `${field}.${name}`,
    problem: 'is not a field of this request',
    wouldBeRight: 'leave it out',
  }));
}

/** What is not there is 0: of the last step it means nothing, of any other it is refused. */
export function readStep({ channels, wait, stopOn }: StepDto): FallbackStep {
  return { channels, waitMs: wait === undefined ? 0 : readDuration(wait), stopOn: stopOn ?? 'seen' };
}

export function writeStep({ channels, waitMs, stopOn }: FallbackStep): StepDto {
  return { channels, ...(waitMs > 0 ? { wait: writeDuration(waitMs) } : {}), stopOn };
}

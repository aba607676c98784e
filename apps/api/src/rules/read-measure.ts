import type { Metric } from '@app/contracts';
import type { Measure, Test, Window } from '@app/rules';
import type { Findings } from './findings';
import type { MeasureDto, MeasureKind, TestDto } from './measure.dto';

/** What a measure is read against. */
export interface MeasureSetting {
  metric: Pick<Metric, 'scale'>;
  /** The customer's zone, for calendars. */
  timeZone: string;
  /** Where the measure stands in the wish. */
  path: string;
}

type Field = Exclude<keyof MeasureDto, 'kind'>;
type Reader = (given: MeasureDto, setting: MeasureSetting, findings: Findings) => Measure;

/** Fields that each kind knows, and those of them that it cannot do without. */
const KNOWN: Record<MeasureKind, { needs: readonly Field[]; may?: readonly Field[] }> = {
  value: { needs: [] },
  count: { needs: ['window'], may: ['where'] },
  countOfLast: { needs: ['where', 'last'] },
  countOfPeriods: { needs: ['where', 'last', 'period'] },
  sum: { needs: [], may: ['window', 'calendar', 'partial'] },
  avg: { needs: [], may: ['window', 'calendar', 'partial'] },
  min: { needs: [], may: ['window', 'calendar', 'partial'] },
  max: { needs: [], may: ['window', 'calendar', 'partial'] },
  rate: { needs: ['window', 'per'], may: ['partial'] },
  change: { needs: ['against'], may: ['window', 'unit'] },
  trailing: { needs: ['from'], may: ['unit'] },
};

const SHOULD_BE: Partial<Record<Field, string>> = {
  window: 'a duration such as "PT5M"',
  where: 'a test such as {"operator": "above", "threshold": "100.00"}',
  last: 'among how many, a whole number',
  period: 'the length of a period such as "PT1H"',
  per: 'a duration such as "PT1M"',
  against: 'previous, windowStart, windowHigh, windowLow or dayOpen',
  from: 'high or low',
};

/** The exact measure behind a customer's words; what is missing or has no meaning goes to the findings. */
export function readMeasure(
  given: MeasureDto | null | undefined,
  setting: MeasureSetting,
  findings: Findings,
): Measure {
  if (!given) return { kind: 'value' };
  const { needs, may = [] } = KNOWN[given.kind];
  for (const field of needs.filter((needed) => given[needed] === undefined))
    findings.missing(`${setting.path}.${field}`, SHOULD_BE[field] ?? 'given');
  for (const field of saidIn(given).filter((said) => !needs.includes(said) && !may.includes(said))) {
    const problem = `has no meaning for ${given.kind}`;
    findings.add({ field: `${setting.path}.${field}`, problem, wouldBeRight: 'leave it out' });
  }
  return READ[given.kind](given, setting, findings);
}

function saidIn(given: MeasureDto): Field[] {
  const fields = Object.keys(given) as (keyof MeasureDto)[];
  return fields.filter((field): field is Field => field !== 'kind' && given[field] !== undefined);
}

const aggregate =
  (of: 'sum' | 'avg' | 'min' | 'max'): Reader =>
  (given, setting, findings) => ({
    kind: 'aggregate',
    of,
    window: readWindow(given, setting, findings),
    partial: given.partial ?? false,
  });

const READ: Record<MeasureKind, Reader> = {
  value: () => ({ kind: 'value' }),
  count: (given, setting, findings) => ({
    kind: 'count',
    where: given.where ? readTest(given.where, setting, findings) : null,
    windowMs: ms(given.window, findings),
  }),
  countOfLast: (given, setting, findings) => ({
    kind: 'countOfLast',
    where: readTest(given.where, setting, findings),
    last: given.last ?? Number.NaN,
  }),
  countOfPeriods: (given, setting, findings) => ({
    kind: 'countOfPeriods',
    where: readTest(given.where, setting, findings),
    last: given.last ?? Number.NaN,
    periodMs: ms(given.period, findings),
  }),
  sum: aggregate('sum'),
  avg: aggregate('avg'),
  min: aggregate('min'),
  max: aggregate('max'),
  rate: (given, _, findings) => ({
    kind: 'rate',
    windowMs: ms(given.window, findings),
    perMs: ms(given.per, findings),
    partial: given.partial ?? false,
  }),
  change: readChange,
  trailing: (given) => ({ kind: 'trailing', from: given.from ?? 'high', unit: given.unit ?? 'amount' }),
};

function readChange(given: MeasureDto, { path, timeZone }: MeasureSetting, findings: Findings): Measure {
  const { against = 'previous', unit = 'amount' } = given;
  if (against === 'previous' || against === 'dayOpen') {
    if (given.window !== undefined) {
      const problem = `has no meaning against ${against}`;
      findings.add({ field: `${path}.window`, problem, wouldBeRight: 'leave it out' });
    }
    return against === 'previous'
      ? { kind: 'change', against, unit }
      : { kind: 'change', against, timeZone, unit };
  }
  if (given.window === undefined) findings.missing(`${path}.window`, 'a duration such as "PT1H"');
  return { kind: 'change', against, windowMs: ms(given.window, findings), unit };
}

function readWindow(
  { window, calendar }: MeasureDto,
  { path, timeZone }: MeasureSetting,
  findings: Findings,
): Window {
  if (window !== undefined && calendar !== undefined) {
    const wouldBeRight = 'either a window or a calendar period';
    findings.add({ field: `${path}.calendar`, problem: 'stands beside a window', wouldBeRight });
  }
  if (calendar !== undefined) return { kind: 'calendar', period: calendar, timeZone };
  if (window === undefined)
    findings.missing(
      `${path}.window`,
      'a duration such as "PT5M", or calendar with hour, day, week or month',
    );
  return { kind: 'sliding', ms: ms(window, findings) };
}

function readTest(given: TestDto | undefined, { metric, path }: MeasureSetting, findings: Findings): Test {
  const threshold = findings.amount(`${path}.where.threshold`, given?.threshold, metric.scale) ?? Number.NaN;
  const upper = findings.amount(`${path}.where.upper`, given?.upper, metric.scale);
  return { operator: given?.operator ?? 'above', threshold, upper };
}

function ms(duration: string | undefined, findings: Findings): number {
  return findings.duration(duration) ?? Number.NaN;
}

import { formatScaled, type Metric } from '@app/contracts';
import { scaleOf, type ConditionTree, type Leaf, type Level, type Measure, type Test } from '@app/rules';
import { writeDuration } from '../http/duration';
import type { ConditionDto, LevelDto, QuestionDto } from './condition.dto';
import type { MeasureDto, TestDto } from './measure.dto';

type Metrics = ReadonlyMap<string, Pick<Metric, 'scale'>>;

/** The tree in the words in which it could have been asked for. */
export function writeTree(tree: ConditionTree, metrics: Metrics): ConditionDto {
  if ('all' in tree) return { all: tree.all.map((part) => writeTree(part, metrics)) };
  if ('any' in tree) return { any: tree.any.map((part) => writeTree(part, metrics)) };
  if ('not' in tree) return { not: writeTree(tree.not, metrics) };
  return writeLeaf(tree.leaf, metrics);
}

/** Null is left out, as nobody would write it. */
function writeLeaf({ metric, measure, condition, maxAgeMs }: Leaf, metrics: Metrics): QuestionDto {
  const metricScale = scaleIn(metrics, metric);
  const { operator, threshold, upper, recovery } = condition;
  const amount = (value: number): string => formatScaled(value, scaleOf(measure, metricScale));
  return {
    metric,
    ...(measure.kind === 'value' ? {} : { measure: writeMeasure(measure, metricScale) ?? undefined }),
    operator,
    threshold: amount(threshold),
    ...(upper === null ? {} : { upper: amount(upper) }),
    ...(recovery === null ? {} : { recovery: amount(recovery) }),
    ...(maxAgeMs === null ? {} : { maxAge: writeDuration(maxAgeMs) }),
  };
}

export function writeLevels(levels: readonly Level[], measure: Measure, metricScale: number): LevelDto[] {
  const amount = (value: number): string => formatScaled(value, scaleOf(measure, metricScale));
  return levels.map(({ severity, threshold, recovery }) => ({
    severity,
    threshold: amount(threshold),
    recovery: recovery === null ? null : amount(recovery),
  }));
}

/** @returns null for the latest value */
export function writeMeasure(measure: Measure, metricScale: number): MeasureDto | null {
  switch (measure.kind) {
    case 'value':
      return null;
    case 'count':
    case 'countOfLast':
    case 'countOfPeriods':
      return writeCount(measure, metricScale);
    case 'aggregate':
      return writeAggregate(measure);
    case 'rate': {
      const { kind, windowMs, perMs, partial } = measure;
      return { kind, window: writeDuration(windowMs), per: writeDuration(perMs), partial };
    }
    case 'change':
      return writeChange(measure);
    case 'trailing':
      return { kind: measure.kind, from: measure.from, unit: measure.unit };
    default:
      return measure satisfies never;
  }
}

function writeCount(
  measure: Extract<Measure, { kind: 'count' | 'countOfLast' | 'countOfPeriods' }>,
  metricScale: number,
): MeasureDto {
  const where = measure.where ? { where: writeTest(measure.where, metricScale) } : {};
  if (measure.kind === 'count')
    return { kind: measure.kind, window: writeDuration(measure.windowMs), ...where };
  const { kind, last } = measure;
  return kind === 'countOfLast'
    ? { kind, ...where, last }
    : { kind, ...where, last, period: writeDuration(measure.periodMs) };
}

function writeAggregate({ of, window, partial }: Extract<Measure, { kind: 'aggregate' }>): MeasureDto {
  return window.kind === 'sliding'
    ? { kind: of, window: writeDuration(window.ms), partial }
    : { kind: of, calendar: window.period, partial };
}

function writeChange(measure: Extract<Measure, { kind: 'change' }>): MeasureDto {
  const { kind, against, unit } = measure;
  return 'windowMs' in measure
    ? { kind, against, window: writeDuration(measure.windowMs), unit }
    : { kind, against, unit };
}

function writeTest({ operator, threshold, upper }: Test, scale: number): TestDto {
  const test = { operator, threshold: formatScaled(threshold, scale) };
  return upper === null ? test : { ...test, upper: formatScaled(upper, scale) };
}

export function scaleIn(metrics: Metrics, name: string): number {
  return metrics.get(name)?.scale ?? 0;
}

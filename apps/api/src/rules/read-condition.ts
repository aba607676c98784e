import { scaleOf, type Condition, type ConditionTree, type Leaf, type Level, type Measure } from '@app/rules';
import type { ConditionDto, LevelDto, QuestionDto } from './condition.dto';
import type { Findings } from './findings';
import { readMeasure } from './read-measure';
import type { Threshold } from './rule-validators';
import type { TermsSetting } from './terms-setting';

const QUESTION = ['metric', 'measure', 'operator', 'threshold', 'upper', 'recovery', 'maxAge'] as const;
const BRANCHES = ['all', 'any', 'not'] as const;

/** One question to one metric, wherever it stands. */
export class QuestionReader {
  constructor(
    private readonly setting: TermsSetting,
    private readonly findings: Findings,
  ) {}

  /** A whole tree as it stands in `when`. */
  tree(given: ConditionDto, path: string): ConditionTree {
    const branches = BRANCHES.filter((branch) => given[branch] !== undefined);
    const isQuestion = QUESTION.some((field) => given[field] !== undefined && given[field] !== null);
    if (branches.length + (isQuestion ? 1 : 0) > 1) {
      const problem = `is several things at once: ${[...branches, ...(isQuestion ? ['a question'] : [])].join(', ')}`;
      const wouldBeRight = 'one of all, any, not, or a question with metric, operator and threshold';
      this.findings.add({ field: path, problem, wouldBeRight });
    }
    const { all, any, not } = given;
    if (all) return { all: all.map((part, index) => this.tree(part, `${path}.all[${index}]`)) };
    if (any) return { any: any.map((part, index) => this.tree(part, `${path}.any[${index}]`)) };
    if (not) return { not: this.tree(not, `${path}.not`) };
    return { leaf: this.leaf(given, path) };
  }

  /** @param path of the question; empty where it stands among the rule's own fields */
  leaf(given: QuestionDto, path: string): Leaf {
    const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
    if (!given.metric) this.findings.missing(at('metric'), 'a name that GET /v1/metrics lists');
    const metric = this.setting.metrics.get(given.metric ?? '') ?? { scale: 9 };
    const measure = readMeasure(
      given.measure,
      { metric, timeZone: this.setting.customer.timeZone, path: at('measure') },
      this.findings,
    );
    return {
      metric: given.metric ?? '',
      measure,
      condition: this.condition(given, scaleOf(measure, metric.scale), path),
      maxAgeMs: this.findings.duration(given.maxAge),
    };
  }

  levels(given: readonly LevelDto[], measure: Measure, metricName: string): Level[] {
    const scale = scaleOf(measure, this.setting.metrics.get(metricName)?.scale ?? 9);
    return given.map((level, index) => ({
      severity: level.severity,
      threshold: this.findings.amount(`levels[${index}].threshold`, level.threshold, scale) ?? Number.NaN,
      recovery: this.findings.amount(`levels[${index}].recovery`, level.recovery, scale),
    }));
  }

  private condition(given: QuestionDto, scale: number, path: string): Condition {
    const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
    if (!given.operator) this.findings.missing(at('operator'), 'above, below or another operator');
    return {
      operator: given.operator ?? 'above',
      threshold: this.threshold(given.threshold, at('threshold'), scale),
      upper: this.findings.amount(at('upper'), given.upper, scale),
      recovery: this.findings.amount(at('recovery'), given.recovery, scale),
    };
  }

  private threshold(given: Threshold | null | undefined, field: string, scale: number): number {
    if (given === null || given === undefined)
      return this.findings.missing(field, 'a level such as "100.00"');
    if (typeof given !== 'object') return this.findings.amount(field, given, scale) ?? Number.NaN;
    if (field !== 'threshold') {
      const wouldBeRight = 'a level; only a rule of one question may follow an attribute';
      this.findings.add({ field, problem: 'follows an attribute', wouldBeRight });
      return Number.NaN;
    }
    const { attributes } = this.setting.customer;
    if (Object.hasOwn(attributes, given.attribute))
      return this.findings.amount(field, attributes[given.attribute], scale) ?? Number.NaN;
    const problem = `follows the attribute ${given.attribute}, which the customer does not have`;
    this.findings.add({ field, problem, wouldBeRight: 'an attribute of the registration' });
    return Number.NaN;
  }
}

/** Metrics that a wish names, in the order of its questions. */
export function metricsNamed(given: ConditionDto): string[] {
  const below = [...(given.all ?? []), ...(given.any ?? []), ...(given.not ? [given.not] : [])];
  return [...(given.metric ? [given.metric] : []), ...below.flatMap(metricsNamed)];
}

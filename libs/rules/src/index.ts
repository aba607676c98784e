export { OPERATORS } from './rule';
export type { Condition, Lifecycle, OnCreate, Operator, Rule, RuleSubjects } from './rule';
export { INSTANCE_STATES } from './instance';
export type {
  ChangeSink,
  EndedBy,
  InstanceChange,
  InstanceDefinition,
  InstanceState,
  InstanceStateName,
  OpenedBy,
  Progress,
  UnknownReason,
} from './instance';
export { canonical } from './canonical';
export { scaleOf } from './measure';
export type { ChangeUnit, Measure, Test, Window } from './measure';
export { NO_DATA_TREATMENTS, SEVERITIES, composedTerms } from './composed';
export type { ComposedTerms, ConditionTree, Leaf, Level, NoDataTreatment, Severity } from './composed';
export type { ActiveHours, NoticePolicy } from './notice-policy';
export { checkCondition } from './check-condition';
export type { ConditionProblem } from './check-condition';
export { checkComposed } from './check-composed';
export { checkNotices } from './check-notices';
export type { TermsContext } from './check-tree';
export { BOUNDS } from './rule-bounds';
export type { Limit, TermsProblem } from './rule-bounds';
export { isHeld } from './plain/is-held';
export { NEW_INSTANCE, settle } from './plain/settle';
export { PartitionMatcher } from './partition-matcher';
export { TransitionLog } from './plain/transition-log';
export type { Matched } from './partition-matcher';
export type { TakenEvent } from './composed/composed-matcher';
export { factsOf } from './composed/metric-facts';
export type { MetricFacts } from './composed/metric-facts';
export type { SavedMeasure } from './composed/saved-measure';
export type { SeriesValue } from './plain/series-table';
export { alertWords, metricsByName } from './words/alert-words';
export type { AlertWords } from './words/alert-words';
export { describeCondition } from './words/describe-condition';
export type { MetricWords } from './words/describe-condition';
export { describeRule } from './words/describe-rule';
export { describeMeasure } from './words/measure-words';
export type { MeasureWords } from './words/measure-words';
export type { MetricsByName } from './words/describe-tree';
export { decideNotice } from './notices/decide-notice';
export { HELD_REASONS, NEW_NOTICE_STATE, NO_MUTES, TELLINGS } from './notices/notice';
export type {
  HeldReason,
  Mutes,
  NoticeDecision,
  NoticeOutcome,
  NoticeState,
  Occasion,
  Telling,
  TellingKind,
} from './notices/notice';
export { combineChunks } from './history/combine-chunks';
export { HistoryBuffer, chunkOf } from './history/history-buffer';
export type { Grain, HistoryChunk, HistoryPoint } from './history/history-point';
export { decodePoints, encodePoints } from './history/point-codec';
export { readPast } from './history/read-past';
export type { Past } from './history/read-past';
export { thinPoints } from './history/thin-points';
export { previewRule } from './preview/preview-rule';
export type { Preview } from './preview/preview-rule';
export type { Firing } from './preview/firings';
export type { PlotPoint } from './preview/plot-points';
export type { RuleToPreview, SeriesPast } from './preview/replay-past';
export type { Pasts, Suggestion } from './preview/suggest-threshold';

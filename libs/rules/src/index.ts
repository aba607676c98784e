export { OPERATORS } from './rule';
export type { Condition, Lifecycle, OnCreate, Operator, Rule } from './rule';
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
export type { NoticePolicy } from './notice-policy';
export { checkCondition } from './check-condition';
export { checkComposed } from './check-composed';
export { checkNotices } from './check-notices';
export type { Limit, TermsProblem } from './rule-bounds';
export { isHeld } from './plain/is-held';
export { PartitionMatcher } from './partition-matcher';
export { TransitionLog } from './plain/transition-log';
export type { Matched } from './partition-matcher';
export { factsOf } from './composed/metric-facts';
export type { MetricFacts } from './composed/metric-facts';
export type { SavedMeasure } from './composed/saved-measure';
export type { SeriesValue } from './plain/series-table';
export { alertWords, metricsByName } from './words/alert-words';
export type { AlertWords } from './words/alert-words';
export { describeRule } from './words/describe-rule';
export { decideNotice } from './notices/decide-notice';
export { NEW_NOTICE_STATE } from './notices/notice';
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
export { decodePoints } from './history/point-codec';
export { readPast } from './history/read-past';
export type { Past } from './history/read-past';
export { previewRule } from './preview/preview-rule';
export type { Preview } from './preview/preview-rule';
export type { Firing } from './preview/firings';
export type { RuleToPreview } from './preview/replay-past';

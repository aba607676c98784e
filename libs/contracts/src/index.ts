export type { Metric, MetricKind, Visibility } from './metric';
export { MAX_SCALE, formatScaled, groupedAmount, toScaled } from './scaled-value';
export type { MetricEvent, MetricEventOnTheWire } from './metric-event';
export { EventReader } from './event-reader';
export { MAX_EVENT_BYTES, MAX_FUTURE_MS, parseEvent, readEvent } from './parse-event';
export { readTime } from './read-time';
export { REFUSAL_REASONS } from './refusal';
export type { RefusalReason, Refused } from './refusal';
export { CHANNELS } from './channel';
export type { Channel } from './channel';
export type { MessageLinks, OutgoingMessage, SendOutcome } from './message';
export type { ContactPoint, Customer, Preference, Relation } from './customer';
export { LANES, TOPIC_ALERTS, TOPIC_SERVICE, TOPIC_VERIFICATION } from './notification';
export type {
  AlertFacts,
  AnswerFacts,
  CodeFacts,
  ContactPointLostFacts,
  DigestFacts,
  Lane,
  Notification,
  NotificationBody,
  NotificationKind,
  ServiceAlertFacts,
  Severity,
} from './notification';
export { DELIVERY_STATES, RECEIPT_STATES } from './delivery';
export type { Delivery, DeliveryState, ReceiptState } from './delivery';
export type {
  Cap,
  Digest,
  FallbackStep,
  PreferenceSheet,
  QuietWindow,
  TopicPolicy,
} from './preference-sheet';
export { SUPPRESSION_REASONS } from './receipt';
export type { Receipt, SuppressionReason } from './receipt';

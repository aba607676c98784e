export { Database } from './database';
export type { DatabaseOptions, Queryable } from './database';
export { RowsAhead } from './rows-ahead';
export { migrate } from './migrate';
export { startEmbeddedPostgres } from './embedded-postgres';
export type { EmbeddedPostgres } from './embedded-postgres';
export { PartitionStore } from './stores/partition.store';
export type { PartitionPosition } from './stores/partition.store';
export { InstanceStore, LOAD_PARTITION, NOTICES_DUE } from './stores/instance.store';
export type { StoredInstance } from './stores/instance.store';
export { BatchStore } from './stores/batch.store';
export type { BatchEffects, InstanceStateToSave, PartitionMove } from './stores/batch.store';
export { LOAD_SERIES, SeriesStore } from './stores/series.store';
export type { StoredValue } from './stores/series.store';
export { DeadLetterStore } from './stores/dead-letter.store';
export type { DeadLetter } from './stores/dead-letter.store';
export { AlertStore } from './stores/alert.store';
export type {
  AlertContext,
  AlertToAlter,
  AlertToEnd,
  AlertToOpen,
  NoticeToSave,
  NotificationToSave,
  OpenAlert,
} from './stores/alert.store';
export { MeasureStore } from './stores/measure.store';
export type { StoredMeasure } from './stores/measure.store';
export { NotificationStore } from './stores/notification.store';
export { PAGE_TO_PLAN } from './stores/notification.sql';
export type {
  CapCount,
  DecisionToSave,
  PlanToSave,
  PlannedContactPoint,
  PlannedCustomer,
  PlannedDelivery,
  PlannedDigestItem,
  PlannedStep,
  Recipients,
  SavedPlan,
  SuppressedPoint,
  UnplannedNotification,
} from './stores/planned';
export { DUE_DIGESTS, DigestStore } from './stores/digest.store';
export type { ClosedDigest, GatheredItem, ToldDigest } from './stores/digest.store';
export { StepStore } from './stores/step.store';
export { replan } from './stores/replan';
export { DeliveryStore } from './stores/delivery.store';
export type { EndedAttempt } from './stores/delivery.store';
export { DUE } from './stores/claim.sql';
export { OVERDUE } from './stores/delivery.sql';
export type {
  ClaimRequest,
  ClaimedDelivery,
  DeliverySettlement,
  FormerAttempt,
  SecondThoughts,
  LaterDecision,
  UnsentSettlement,
} from './stores/claimed-delivery';
export { ProviderHealthStore } from './stores/provider-health.store';
export type { HealthChange, ProviderHealth, Slowness } from './stores/provider-health.store';
export { HEARD_WITHIN_MS, ReceiptPollStore } from './stores/receipt-poll.store';
export type { SilentAttempt } from './stores/receipt-poll.store';
export { TokenBucketStore } from './stores/token-bucket.store';
export type { BucketTerms } from './stores/token-bucket.store';
export { KeptMessageStore } from './stores/kept-message.store';
export { MetricStore } from './stores/metric.store';
export { SettingStore } from './stores/setting.store';
export { MetricCatalogueStore } from './stores/metric-catalogue.store';
export type { MetricTerms } from './stores/metric-catalogue.store';
export { MaintenanceStore } from './stores/maintenance.store';
export type { MaintenanceWindow } from './stores/maintenance.store';
export { CustomerRegisterStore } from './stores/customer-register.store';
export type { Attributes, Registration, RuleSetting } from './stores/customer-register.store';
export { RuleBookStore } from './stores/rule-book.store';
export type {
  KeptInstance,
  KeptRule,
  RuleAdjustment,
  RuleRefusal,
  RuleStatus,
  RuleTerms,
  RuleToSave,
} from './stores/rule-record';
export { metricsOf } from './stores/rule-record';
export { ContactPointHealthStore } from './stores/contact-point-health.store';
export type { DisabledReason } from './stores/contact-point-health.store';
export { ContactBookStore } from './stores/contact-book.store';
export type { CodePosition, CodeVerdict, NewContactPoint } from './stores/contact-book.store';
export type { CodeToSend, KeptContactPoint, PointId } from './stores/contact-proof';
export { WebhookReplayStore } from './stores/webhook-replay.store';
export type { ReplayWish } from './stores/webhook-replay.store';
export { ApiKeyStore } from './stores/api-key.store';
export type { ApiKey } from './stores/api-key.store';
export { RefusedEventStore } from './stores/refused-event.store';
export type { KeptLetter, RefusedEvent } from './stores/refused-event.store';
export { IdempotencyStore } from './stores/idempotency.store';
export type { EarlierRequest } from './stores/idempotency.store';
export { EventLogStore } from './stores/event-log.store';
export type { EventLogRow, GroupView, PlacedRecord } from './stores/event-log.store';
export { HistoryStore, historyRow, insertHistory } from './stores/history.store';
export type { SeriesChunk } from './stores/history.store';
export { PreviewStore } from './stores/preview.store';
export { HistoryTidying } from './stores/history-tidying';
export type { CombineChunks } from './stores/history-tidying';
export { Housekeeping } from './stores/housekeeping';
export { hasPendingMigrations } from './pending-migrations';
export { OutboxReadingStore } from './stores/outbox-reading.store';
export type { OutboxMessage } from './stores/outbox-reading.store';
export { PreferenceSheetStore } from './stores/preference-sheet.store';
export type { KeptSheet } from './stores/preference-sheet.store';
export { TemplateStore } from './stores/template.store';
export type {
  KeptTemplate,
  KeptTemplateFault,
  TemplateKey,
  TemplateWords,
  ToldNotification,
} from './stores/template.store';
export { TopicStore } from './stores/topic.store';
export { WhyStore } from './stores/why.store';
export type {
  ExplainedDecision,
  ExplainedDelivery,
  ExplainedNotification,
} from './stores/explained-decision';
export { AlertHistoryStore } from './stores/alert-history.store';
export type { AlertFilter, AlertRecord } from './stores/alert-history.store';
export { NotificationHistoryStore } from './stores/notification-history.store';
export type {
  NotificationPlace,
  NotificationRecord,
  NotifiedDelivery,
} from './stores/notification-history.store';
export { DeliveryHistoryStore } from './stores/delivery-history.store';
export type { AttemptRecord, DecisionRecord, DeliveryFilter, DeliveryRecord } from './stores/delivery-record';
export { InboxReadingStore } from './stores/inbox-reading.store';
export type { InboxMessage } from './stores/inbox-reading.store';
export { SummaryStore } from './stores/summary.store';
export type { Summary } from './stores/summary.store';
export type { Audience } from './stores/audience';
export { AudienceGroupsStore } from './stores/audience-groups.store';
export type { AudienceGroup, AudienceSize } from './stores/audience-groups.store';
export { ServiceAlertStore } from './stores/service-alert.store';
export type {
  Confirmed,
  ServiceAlertDraft,
  ServiceAlertRecord,
  ServiceAlertStatus,
} from './stores/service-alert.store';
export { BroadcastControlStore } from './stores/broadcast-control.store';
export type { Cancelled, ServiceAlertProgress } from './stores/broadcast-control.store';
export { BroadcastPlanningStore } from './stores/broadcast-planning.store';
export type {
  AudiencePerson,
  BatchToMake,
  BroadcastAlert,
  LedgerRow,
  PageToPlan,
  PlannedPage,
} from './stores/broadcast-planning.store';
export { BroadcastSendingStore } from './stores/broadcast-sending.store';
export type {
  BatchLease,
  BatchMember,
  BatchSettlement,
  ClaimedBatch,
  WithdrawnMember,
} from './stores/broadcast-sending.store';
export { BATCHES_PER_PAGE, ledgerId, ledgerPlaceOf, SEQS_PER_PAGE } from './stores/broadcast-ids';
export { ReceiptInbox, ReceiptStore } from './stores/receipt.store';
export type { ReceiptPolicy } from './stores/receipt.store';
export { SuppressionStore } from './stores/suppression.store';
export type { Lifting, LinkOptOut, SuppressionRecord } from './stores/suppression.store';
export type { SuppressionWish } from './stores/suppress';
export { AuditStore } from './stores/audit.store';
export type { AuditEntry, AuditNote, ChainVerdict } from './stores/audit.store';
export { InboundStore } from './stores/inbound.store';
export type { InboundRecord, KeptReason, LastAlert, NumberOwner } from './stores/inbound.store';
export { ConsentStore } from './stores/consent.store';
export type { ConsentWay } from './stores/consent.store';
export { REDRIVE_VERDICTS, RedriveStore } from './stores/redrive.store';
export type { RedriveFilter, RedriveResult, RedriveVerdict } from './stores/redrive.store';
export { SilentPointsStore } from './stores/silent-points.store';

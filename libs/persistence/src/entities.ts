import { AlertEntity } from './entities/alert.entity';
import { ApiKeyEntity } from './entities/api-key.entity';
import { AttemptEntity } from './entities/attempt.entity';
import { AuditEntryEntity } from './entities/audit-entry.entity';
import { BroadcastBatchEntity } from './entities/broadcast-batch.entity';
import { BroadcastPageEntity } from './entities/broadcast-page.entity';
import { BroadcastRecipientEntity } from './entities/broadcast-recipient.entity';
import { CapUsageEntity } from './entities/cap-usage.entity';
import { ContactPointEntity } from './entities/contact-point.entity';
import { CustomerEntity } from './entities/customer.entity';
import { DeadLetterEntity } from './entities/dead-letter.entity';
import { DecisionEntity } from './entities/decision.entity';
import { DeliveryEntity } from './entities/delivery.entity';
import { DeliveryStepEntity } from './entities/delivery-step.entity';
import { DigestEntity } from './entities/digest.entity';
import { DigestItemEntity } from './entities/digest-item.entity';
import { EventLogHeadEntity } from './entities/event-log-head.entity';
import { EventLogMemberEntity } from './entities/event-log-member.entity';
import { EventLogRecordEntity } from './entities/event-log-record.entity';
import { HistoryEntity } from './entities/history.entity';
import { HoldingEntity } from './entities/holding.entity';
import { IdempotencyRecordEntity } from './entities/idempotency-record.entity';
import { InboundMessageEntity } from './entities/inbound-message.entity';
import { InboxMessageEntity } from './entities/inbox-message.entity';
import { MaintenanceWindowEntity } from './entities/maintenance-window.entity';
import { MeasureEntity } from './entities/measure.entity';
import { MetricEntity } from './entities/metric.entity';
import { NotificationEntity } from './entities/notification.entity';
import { OutboxMessageEntity } from './entities/outbox-message.entity';
import { PartitionOffsetEntity } from './entities/partition-offset.entity';
import { PreferenceEntity } from './entities/preference.entity';
import { PreferenceSheetEntity } from './entities/preference-sheet.entity';
import { ProviderHealthEntity } from './entities/provider-health.entity';
import { ProviderHealthHistoryEntity } from './entities/provider-health-history.entity';
import { ReceiptEntity } from './entities/receipt.entity';
import { RuleEntity } from './entities/rule.entity';
import { RuleInstanceEntity } from './entities/rule-instance.entity';
import { SeriesEntity } from './entities/series.entity';
import { ServiceAlertEntity } from './entities/service-alert.entity';
import { SettingEntity } from './entities/setting.entity';
import { SuppressionEntity } from './entities/suppression.entity';
import { TokenBucketEntity } from './entities/token-bucket.entity';
import { TemplateEntity } from './entities/template.entity';
import { TemplateFaultEntity } from './entities/template-fault.entity';
import { TopicEntity } from './entities/topic.entity';
import { VerificationCodeEntity } from './entities/verification-code.entity';

/** Every table that the system keeps; a test compares them with the migrations. */
export const ENTITIES = [
  AlertEntity,
  ApiKeyEntity,
  AttemptEntity,
  AuditEntryEntity,
  BroadcastBatchEntity,
  BroadcastPageEntity,
  BroadcastRecipientEntity,
  CapUsageEntity,
  ContactPointEntity,
  CustomerEntity,
  DeadLetterEntity,
  DecisionEntity,
  DeliveryEntity,
  DeliveryStepEntity,
  DigestEntity,
  DigestItemEntity,
  EventLogHeadEntity,
  EventLogMemberEntity,
  EventLogRecordEntity,
  HistoryEntity,
  HoldingEntity,
  IdempotencyRecordEntity,
  InboundMessageEntity,
  InboxMessageEntity,
  MaintenanceWindowEntity,
  MeasureEntity,
  MetricEntity,
  NotificationEntity,
  OutboxMessageEntity,
  PartitionOffsetEntity,
  PreferenceEntity,
  PreferenceSheetEntity,
  ProviderHealthEntity,
  ProviderHealthHistoryEntity,
  ReceiptEntity,
  RuleEntity,
  RuleInstanceEntity,
  SeriesEntity,
  ServiceAlertEntity,
  SettingEntity,
  SuppressionEntity,
  TokenBucketEntity,
  TemplateEntity,
  TemplateFaultEntity,
  TopicEntity,
  VerificationCodeEntity,
];

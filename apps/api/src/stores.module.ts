import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { EventLog } from '@app/event-log';
import {
  AlertHistoryStore,
  ApiKeyStore,
  AudienceGroupsStore,
  AuditStore,
  BroadcastControlStore,
  ConsentStore,
  ContactBookStore,
  CustomerRegisterStore,
  Database,
  DeliveryHistoryStore,
  IdempotencyStore,
  InboundStore,
  InboxReadingStore,
  MaintenanceStore,
  MetricCatalogueStore,
  MetricStore,
  NotificationHistoryStore,
  OutboxReadingStore,
  PreferenceSheetStore,
  ProviderHealthStore,
  ReceiptInbox,
  RedriveStore,
  RefusedEventStore,
  RuleBookStore,
  ServiceAlertStore,
  SummaryStore,
  SuppressionStore,
  TemplateStore,
  TopicStore,
  WebhookReplayStore,
  WhyStore,
} from '@app/persistence';

const PLAIN = [
  AlertHistoryStore,
  ApiKeyStore,
  AudienceGroupsStore,
  AuditStore,
  BroadcastControlStore,
  ConsentStore,
  ContactBookStore,
  DeliveryHistoryStore,
  IdempotencyStore,
  InboundStore,
  InboxReadingStore,
  MaintenanceStore,
  MetricCatalogueStore,
  MetricStore,
  NotificationHistoryStore,
  OutboxReadingStore,
  PreferenceSheetStore,
  ProviderHealthStore,
  ReceiptInbox,
  RedriveStore,
  RefusedEventStore,
  ServiceAlertStore,
  SummaryStore,
  SuppressionStore,
  TemplateStore,
  TopicStore,
  WebhookReplayStore,
  WhyStore,
];

/** The stores, for every module: plain classes on one database. */
@Global()
@Module({})
export class StoresModule {
  static with(database: Database, log: EventLog): DynamicModule {
    const partitionOf = (subject: string): number => log.partitionOf(subject);
    const providers: Provider[] = [
      { provide: Database, useValue: database },
      ...PLAIN.map((Store) => ({ provide: Store, useValue: new Store(database) })),
      { provide: CustomerRegisterStore, useValue: new CustomerRegisterStore(database, partitionOf) },
      { provide: RuleBookStore, useValue: new RuleBookStore(database, partitionOf) },
    ];
    return { module: StoresModule, providers, exports: providers };
  }
}

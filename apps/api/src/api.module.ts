import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { CustomerRegisterStore, IdempotencyStore } from '@app/persistence';
import { AccessGuard } from './access/access.guard';
import { AlertsModule } from './alerts/alerts.module';
import type { ApiParts } from './api-parts';
import { AuditModule } from './audit/audit.module';
import { CallbacksModule } from './callbacks/callbacks.module';
import { ConsentModule } from './consent/consent.module';
import { ContactPointsModule } from './contact-points/contact-points.module';
import { CustomersModule } from './customers/customers.module';
import { DeadLettersModule } from './dead-letters/dead-letters.module';
import { DeliveriesModule } from './deliveries/deliveries.module';
import { EventsModule } from './events/events.module';
import { HealthModule } from './health/health.module';
import { IdempotencyInterceptor } from './http/idempotency.interceptor';
import { ProblemFilter } from './http/problem.filter';
import { validationPipe } from './http/validation';
import { InboxModule } from './inbox/inbox.module';
import { KeysModule } from './keys/keys.module';
import { MaintenanceModule } from './maintenance/maintenance.module';
import { ProvidersModule } from './providers/providers.module';
import { MetricsCatalogueModule } from './metrics-catalogue/metrics-catalogue.module';
import { NotificationsModule } from './notifications/notifications.module';
import { OutboxModule } from './outbox/outbox.module';
import { PartsModule } from './parts.module';
import { PreferencesModule } from './preferences/preferences.module';
import { PreviewModule } from './preview/preview.module';
import { RulesModule } from './rules/rules.module';
import { ServiceAlertsModule } from './service-alerts/service-alerts.module';
import { StoresModule } from './stores.module';
import { SuppressionsModule } from './suppressions/suppressions.module';
import { SummaryModule } from './summary/summary.module';
import { TemplatesModule } from './templates/templates.module';
import { TopicsModule } from './topics/topics.module';
import { WhyModule } from './why/why.module';

const NOUNS = [
  MetricsCatalogueModule,
  CustomersModule,
  ContactPointsModule,
  RulesModule,
  PreviewModule,
  MaintenanceModule,
  ProvidersModule,
  TopicsModule,
  TemplatesModule,
  PreferencesModule,
  NotificationsModule,
  WhyModule,
  SuppressionsModule,
  CallbacksModule,
  ConsentModule,
  AuditModule,
  EventsModule,
  AlertsModule,
  DeliveriesModule,
  InboxModule,
  ServiceAlertsModule,
  KeysModule,
  DeadLettersModule,
  SummaryModule,
  OutboxModule,
  HealthModule,
];

/** One module per noun, on the same parts and stores, behind one guard that lets nobody through unasked. */
@Module({})
export class ApiModule {
  static with(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [PartsModule.with(parts), StoresModule.with(parts.database, parts.log), ...NOUNS],
      providers: [
        {
          provide: APP_GUARD,
          inject: [Reflector, CustomerRegisterStore],
          useFactory: (reflector: Reflector, customers: CustomerRegisterStore) =>
            new AccessGuard(reflector, customers, parts.config.isEmbedded),
        },
        {
          provide: APP_INTERCEPTOR,
          inject: [IdempotencyStore],
          useFactory: (store: IdempotencyStore) => new IdempotencyInterceptor(store, parts.logger),
        },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(parts.logger) },
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { AudienceGroupsStore, BroadcastControlStore, ServiceAlertStore } from '@app/persistence';
import { TopicBook } from '../topics/topic-book';
import { ServiceAlertsController } from './service-alerts.controller';
import { ServiceAlerts } from './service-alerts.service';

@Module({
  controllers: [ServiceAlertsController],
  providers: [
    {
      provide: ServiceAlerts,
      inject: [ServiceAlertStore, BroadcastControlStore, AudienceGroupsStore, TopicBook],
      useFactory: (
        store: ServiceAlertStore,
        control: BroadcastControlStore,
        audiences: AudienceGroupsStore,
        topics: TopicBook,
      ) => new ServiceAlerts(store, control, audiences, topics),
    },
  ],
})
export class ServiceAlertsModule {}

import { Module } from '@nestjs/common';
import { BroadcastControlStore, ServiceAlertStore } from '@app/persistence';
import { ServiceAlertsController } from './service-alerts.controller';
import { ServiceAlerts } from './service-alerts.service';

@Module({
  controllers: [ServiceAlertsController],
  providers: [
    {
      provide: ServiceAlerts,
      inject: [ServiceAlertStore, BroadcastControlStore],
      useFactory: (store: ServiceAlertStore, control: BroadcastControlStore) =>
        new ServiceAlerts(store, control),
    },
  ],
})
export class ServiceAlertsModule {}

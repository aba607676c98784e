import { Module } from '@nestjs/common';
import { ServiceAlertStore } from '@app/persistence';
import { ServiceAlertsController } from './service-alerts.controller';
import { ServiceAlerts } from './service-alerts.service';

@Module({
  controllers: [ServiceAlertsController],
  providers: [
    {
      provide: ServiceAlerts,
      inject: [ServiceAlertStore],
      useFactory: (store: ServiceAlertStore) => new ServiceAlerts(store),
    },
  ],
})
export class ServiceAlertsModule {}

import { Module } from '@nestjs/common';
import { AlertsController, AllAlertsController } from './alerts.controller';

@Module({ controllers: [AlertsController, AllAlertsController] })
export class AlertsModule {}

import { Module } from '@nestjs/common';
import { DeliveriesController, AllDeliveriesController } from './deliveries.controller';
import { RedriveController } from './redrive.controller';

@Module({ controllers: [DeliveriesController, AllDeliveriesController, RedriveController] })
export class DeliveriesModule {}

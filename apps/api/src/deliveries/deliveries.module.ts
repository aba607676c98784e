import { Module } from '@nestjs/common';
import { DeliveriesController, AllDeliveriesController } from './deliveries.controller';

@Module({ controllers: [DeliveriesController, AllDeliveriesController] })
export class DeliveriesModule {}

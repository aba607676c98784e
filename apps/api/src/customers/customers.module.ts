import { Module } from '@nestjs/common';
import { CustomersController, MeController } from './customers.controller';

@Module({ controllers: [CustomersController, MeController] })
export class CustomersModule {}

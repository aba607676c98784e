import { Module } from '@nestjs/common';
import { AllSuppressionsController, SuppressionsController } from './suppressions.controller';

@Module({ controllers: [SuppressionsController, AllSuppressionsController] })
export class SuppressionsModule {}

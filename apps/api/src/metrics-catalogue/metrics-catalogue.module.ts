import { Module } from '@nestjs/common';
import { MetricsCatalogueController } from './metrics-catalogue.controller';

@Module({ controllers: [MetricsCatalogueController] })
export class MetricsCatalogueModule {}

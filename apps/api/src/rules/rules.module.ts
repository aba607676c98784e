import { Module } from '@nestjs/common';
import { MetricCatalogueStore, RuleBookStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { RulesController } from './rules.controller';
import { Rules } from './rules.service';

@Module({
  controllers: [RulesController],
  providers: [
    {
      provide: Rules,
      inject: [RuleBookStore, MetricCatalogueStore, PARTS],
      useFactory: (book: RuleBookStore, metrics: MetricCatalogueStore, { config }: ApiParts) =>
        new Rules(book, metrics, config.limits),
    },
  ],
})
export class RulesModule {}

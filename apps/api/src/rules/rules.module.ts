import { Module } from '@nestjs/common';
import { CustomerRegisterStore, MetricCatalogueStore, RuleBookStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { RulesController } from './rules.controller';
import { Rules } from './rules.service';
import { TermsReader } from './terms-reader';

@Module({
  controllers: [RulesController],
  providers: [
    {
      provide: TermsReader,
      inject: [MetricCatalogueStore, CustomerRegisterStore, PARTS],
      useFactory: (metrics: MetricCatalogueStore, customers: CustomerRegisterStore, { config }: ApiParts) =>
        new TermsReader(metrics, customers, config.limits),
    },
    {
      provide: Rules,
      inject: [RuleBookStore, TermsReader, PARTS],
      useFactory: (book: RuleBookStore, reader: TermsReader, { config }: ApiParts) =>
        new Rules(book, reader, config.limits),
    },
  ],
  exports: [TermsReader, Rules],
})
export class RulesModule {}

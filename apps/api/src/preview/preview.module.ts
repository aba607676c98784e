import { Module } from '@nestjs/common';
import { CustomerRegisterStore, MetricCatalogueStore, PreviewStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { RulesModule } from '../rules/rules.module';
import { TermsReader } from '../rules/terms-reader';
import { PreviewController } from './preview.controller';
import { RulePreviews } from './rule-previews';

@Module({
  imports: [RulesModule],
  controllers: [PreviewController],
  providers: [
    {
      provide: RulePreviews,
      inject: [PARTS, TermsReader, CustomerRegisterStore, MetricCatalogueStore],
      useFactory: (
        { database, config }: ApiParts,
        reader: TermsReader,
        customers: CustomerRegisterStore,
        metrics: MetricCatalogueStore,
      ) => {
        const store = new PreviewStore(database);
        return new RulePreviews({ store, reader, customers, metrics, limits: config.limits });
      },
    },
  ],
})
export class PreviewModule {}

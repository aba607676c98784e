import { Module } from '@nestjs/common';
import { PublicLinks } from '@app/links';
import { ConsentStore, PreferenceSheetStore, SuppressionStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { TopicBook } from '../topics/topic-book';
import { Consent, type ConsentParts } from './consent';
import { CONSENT, PUBLIC_LINKS } from './consent-token';
import { PreferencesPageController } from './preferences-page.controller';
import { UnsubscribeController } from './unsubscribe.controller';
import { VerifyPageController } from './verify-page.controller';

type Inner = Omit<ConsentParts, 'links'>;

@Module({
  controllers: [UnsubscribeController, PreferencesPageController, VerifyPageController],
  providers: [
    {
      provide: PUBLIC_LINKS,
      inject: [PARTS],
      useFactory: ({ config }: ApiParts) => config.links && new PublicLinks(config.links),
    },
    {
      provide: CONSENT,
      inject: [PUBLIC_LINKS, ConsentStore, PreferenceSheetStore, SuppressionStore, TopicBook],
      useFactory: (
        links: PublicLinks | null,
        store: ConsentStore,
        sheets: PreferenceSheetStore,
        ...[suppressions, topics]: [Inner['suppressions'], Inner['topics']]
      ) => links && new Consent({ links, store, sheets, suppressions, topics }),
    },
  ],
})
export class ConsentModule {}

import { Module } from '@nestjs/common';
import { EgressGuard, vapidKeysOf } from '@app/channels';
import { AuditStore, ContactBookStore, SettingStore, WebhookReplayStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PublicLinks } from '@app/links';
import { PARTS } from '../parts.module';
import { ContactPointsController } from './contact-points.controller';
import { ContactPoints } from './contact-points.service';
import { PUSH_KEY, PushKeyController } from './push-key.controller';
import { WebhooksController } from './webhooks.controller';
import { VerificationLimits } from './verification-limits';
import { Webhooks } from './webhooks.service';

@Module({
  controllers: [ContactPointsController, WebhooksController, PushKeyController],
  providers: [
    {
      provide: ContactPoints,
      inject: [ContactBookStore, PARTS],
      useFactory: (book: ContactBookStore, { config }: ApiParts) => {
        const guard = new EgressGuard({ allow: config.egressAllow });
        return new ContactPoints(book, {
          maxPerCustomer: config.limits.contactPointsPerCustomer,
          guard,
          hooks: config.hooks,
          limits: new VerificationLimits(config.limits.codesPerAddress),
          links: config.links && new PublicLinks(config.links),
        });
      },
    },
    {
      provide: Webhooks,
      inject: [ContactBookStore, WebhookReplayStore, AuditStore],
      useFactory: (book: ContactBookStore, replays: WebhookReplayStore, audit: AuditStore) =>
        new Webhooks(book, replays, audit),
    },
    {
      provide: PUSH_KEY,
      inject: [PARTS],
      useFactory: async ({ config, database }: ApiParts) => {
        const settings = new SettingStore(database);
        const keys = await vapidKeysOf(config.vapid, (name, value) => settings.keepFirst(name, value));
        return keys.publicKey;
      },
    },
  ],
})
export class ContactPointsModule {}

import { Module } from '@nestjs/common';
import { Database, OutboxReadingStore } from '@app/persistence';
import { OutboxController } from './outbox.controller';
import { OutboxFeed } from './outbox-feed';

@Module({
  controllers: [OutboxController],
  providers: [
    {
      provide: OutboxFeed,
      inject: [Database, OutboxReadingStore],
      useFactory: async (database: Database, store: OutboxReadingStore) => {
        const feed = new OutboxFeed(database, store);
        await feed.start();
        return feed;
      },
    },
  ],
})
export class OutboxModule {}

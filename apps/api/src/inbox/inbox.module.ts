import { Module } from '@nestjs/common';
import { Database } from '@app/persistence';
import { InboxController } from './inbox.controller';
import { InboxFeed } from './inbox-feed';

@Module({
  controllers: [InboxController],
  providers: [
    {
      provide: InboxFeed,
      inject: [Database],
      useFactory: async (database: Database) => {
        const feed = new InboxFeed(database);
        await feed.start();
        return feed;
      },
    },
  ],
})
export class InboxModule {}

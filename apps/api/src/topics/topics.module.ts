import { Global, Module } from '@nestjs/common';
import { TopicStore } from '@app/persistence';
import { TopicBook } from './topic-book';
import { TopicsController } from './topics.controller';

/** Everybody who tells a customer something asks what its topic allows. */
@Global()
@Module({
  controllers: [TopicsController],
  providers: [
    { provide: TopicBook, inject: [TopicStore], useFactory: (store: TopicStore) => new TopicBook(store) },
  ],
  exports: [TopicBook],
})
export class TopicsModule {}

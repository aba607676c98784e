import { Module } from '@nestjs/common';
import { TemplateStore, TopicStore } from '@app/persistence';
import { TemplatePreviews } from './template-previews';
import { TemplatesController } from './templates.controller';

@Module({
  controllers: [TemplatesController],
  providers: [
    {
      provide: TemplatePreviews,
      inject: [TemplateStore, TopicStore],
      useFactory: (store: TemplateStore, topics: TopicStore) => new TemplatePreviews(store, topics),
    },
  ],
})
export class TemplatesModule {}

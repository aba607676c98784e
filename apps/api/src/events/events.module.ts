import { Module } from '@nestjs/common';
import { RefusedEventStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { EventsController } from './events.controller';
import { Ingest } from './ingest';

@Module({
  controllers: [EventsController],
  providers: [
    {
      provide: Ingest,
      inject: [PARTS, RefusedEventStore],
      useFactory: ({ log, catalogue, metrics }: ApiParts, letters: RefusedEventStore) =>
        new Ingest(log, catalogue, letters, metrics),
    },
  ],
})
export class EventsModule {}

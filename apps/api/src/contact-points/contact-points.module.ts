import { Module } from '@nestjs/common';
import { ContactBookStore } from '@app/persistence';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { ContactPointsController } from './contact-points.controller';
import { ContactPoints } from './contact-points.service';

@Module({
  controllers: [ContactPointsController],
  providers: [
    {
      provide: ContactPoints,
      inject: [ContactBookStore, PARTS],
      useFactory: (book: ContactBookStore, { config }: ApiParts) =>
        new ContactPoints(book, config.limits.contactPointsPerCustomer),
    },
  ],
})
export class ContactPointsModule {}

import { Module } from '@nestjs/common';
import type { ApiParts } from '../api-parts';
import { PARTS } from '../parts.module';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Module({
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [PARTS],
      useFactory: ({ database, log }: ApiParts) => new Readiness(database, log),
    },
  ],
})
export class HealthModule {}

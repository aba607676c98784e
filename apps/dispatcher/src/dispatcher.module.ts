import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { Logger } from 'pino';
import { Dispatcher } from './dispatcher';
import type { DispatcherConfig } from './dispatcher.config';
import { Duties } from './duties/duties';
import { HealthController } from './health/health.controller';

/** Hands the dispatcher to Nest: its duties to the scheduler, its health and metrics to HTTP, its end to the signals. */
@Module({})
export class DispatcherModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

  static with(config: DispatcherConfig, logger: Logger): DynamicModule {
    return {
      module: DispatcherModule,
      imports: [ScheduleModule.forRoot()],
      controllers: [HealthController],
      providers: [{ provide: Dispatcher, useFactory: () => Dispatcher.open(config, logger) }, Duties],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.dispatcher.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
  }
}

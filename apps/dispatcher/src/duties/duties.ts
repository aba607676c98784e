import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { Housekeeping } from '@app/persistence';
import { Dispatcher } from '../dispatcher';

/** With leases of 20 s, a dead dispatcher's deliveries are taken over within 25. */
const SWEEP_MS = 5_000;

/** What is done by the clock and not because of an event. */
@Injectable()
export class Duties {
  private readonly log = new Logger('duties');
  private readonly housekeeping: Housekeeping;

  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {
    this.housekeeping = new Housekeeping(dispatcher.database);
  }

  @Interval(SWEEP_MS)
  async sweepDeliveries(): Promise<void> {
    await this.dispatcher
      .sweep()
      .catch((error: unknown) => this.log.warn('the sweep has to wait', { error }));
  }

  @Cron(CronExpression.EVERY_HOUR)
  async keepHouse(): Promise<void> {
    const removed = await this.housekeeping.run().catch((error: unknown) => ({ error }));
    this.log.log('kept house', removed);
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { HistoryTidying, Housekeeping, SilentPointsStore } from '@app/persistence';
import { combineChunks } from '@app/rules';
import { Dispatcher } from '../dispatcher';

/** With leases of 20 s, a dead dispatcher's deliveries are taken over within 25. */
const SWEEP_MS = 5_000;

/** Slow carriers are looked for, and weights come back, as often as GOV.UK Notify does it. */
const REVIEW_MS = 60_000;
/** A digest or the next channel may come a second late; nobody sets their watch by it. */
const DUE_MS = 1_000;

/** After which a number may be somebody else's. */
const LONG_SILENCE_MS = 365 * 86_400_000;

/** What is done by the clock and not because of an event. */
@Injectable()
export class Duties {
  private readonly log = new Logger('duties');
  private readonly housekeeping: Housekeeping;
  private readonly tidying: HistoryTidying;
  private readonly silence: SilentPointsStore;

  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {
    this.housekeeping = new Housekeeping(dispatcher.database);
    this.tidying = new HistoryTidying(dispatcher.database, combineChunks);
    this.silence = new SilentPointsStore(dispatcher.database);
  }

  @Interval(DUE_MS)
  turnToDue(): void {
    this.dispatcher.turnToDue();
  }

  @Interval(SWEEP_MS)
  async sweepDeliveries(): Promise<void> {
    await this.dispatcher
      .sweep()
      .catch((error: unknown) => this.log.warn('the sweep has to wait', { error }));
  }

  @Interval(REVIEW_MS)
  async reviewCarriers(): Promise<void> {
    await this.dispatcher
      .review()
      .catch((error: unknown) => this.log.warn('the review of carriers has to wait', { error }));
  }

  @Cron(CronExpression.EVERY_HOUR)
  async keepHouse(): Promise<void> {
    const removed = await this.housekeeping.run().catch((error: unknown) => ({ error }));
    const tidied = await this.tidying.run(Date.now()).catch((error: unknown) => ({ error }));
    this.log.log('kept house', { ...removed, ...tidied });
  }

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async doubtSilentNumbers(): Promise<void> {
    await this.silence
      .lapse(new Date(Date.now() - LONG_SILENCE_MS))
      .then((lapsed) => this.log.log('numbers that were silent for a year', { lapsed }))
      .catch((error: unknown) => this.log.warn('silent numbers have to wait', { error }));
  }
}

import { Controller, Get, Header, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Dispatcher } from '../dispatcher';

/** For orchestrators and Prometheus; says nothing about anybody. */
@Controller()
export class HealthController {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Ready while the database and the event log answer; a dispatcher without a partition is a ready spare. */
  @Get('health/ready')
  async ready(): Promise<{ status: string; partitions: number[] }> {
    const database = await this.dispatcher.database.query('select 1').then(
      () => 'ok',
      () => 'unreachable',
    );
    const eventLog = (await this.dispatcher.log.healthy()) ? 'ok' : 'unreachable';
    if (database !== 'ok' || eventLog !== 'ok')
      throw new ServiceUnavailableException({ status: 'unavailable', database, eventLog });
    return { status: 'ok', partitions: this.dispatcher.partitions };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async metrics(): Promise<string> {
    return this.dispatcher.metrics.registry.metrics();
  }
}

import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CHANNELS, type Channel } from '@app/contracts';
import { ProviderHealthStore } from '@app/persistence';
import { NeedsScope } from '../access/access.decorators';
import { notFound } from '../http/problem';
import { PinProviderDto, ProviderView, ProvidersView } from './provider.dto';

const CHANGES_SHOWN = 100;

@ApiTags('providers')
@NeedsScope('admin')
@Controller('v1/providers')
export class ProvidersController {
  constructor(private readonly health: ProviderHealthStore) {}

  /** The carriers of each channel with their share of its messages, and why it is what it is. */
  @Get()
  async list(): Promise<ProvidersView> {
    const [items, changes] = await Promise.all([this.health.list(), this.health.history(CHANGES_SHOWN)]);
    return { items, changes };
  }

  /** Sets a carrier's share by hand until it is given back; dispatchers follow within five seconds. */
  @Put(':channel/:provider/pin')
  async pin(
    @Param('channel') channel: string,
    @Param('provider') provider: string,
    @Body() { weight = null, reason }: PinProviderDto,
  ): Promise<ProviderView> {
    const known = CHANNELS.find((one): one is Channel => one === channel);
    const pinned = known && (await this.health.pin(known, provider, weight, reason));
    if (!pinned) throw notFound('provider');
    return pinned;
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SummaryStore } from '@app/persistence';
import { NeedsScope } from '../access/access.decorators';
import { SummaryView } from './summary.dto';

@ApiTags('operation')
@Controller('v1/summary')
export class SummaryController {
  constructor(private readonly summary: SummaryStore) {}

  /** The installation in a few numbers. */
  @Get()
  @NeedsScope('customers:read')
  async read(): Promise<SummaryView> {
    return { ...(await this.summary.read()) };
  }
}

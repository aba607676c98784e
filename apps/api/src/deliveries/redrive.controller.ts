import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readTime } from '@app/contracts';
import { RedriveStore, type RedriveFilter } from '@app/persistence';
import { Caller, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { readCursor } from '../http/page';
import { invalid } from '../http/problem';
import { RedriveDto, RedriveView, type RedriveFilterDto } from './redrive.dto';

const AT_ONCE = 10_000;

@ApiTags('deliveries')
@Controller('v1/deliveries')
export class RedriveController {
  constructor(private readonly redrives: RedriveStore) {}

  /**
   * Sends again what failed, expired or ended ambiguous and fits the filter, with all its tries and a day of time. The
   * checks of a plan are made anew: what is suppressed, unproven, switched off or past its use stays where it is.
   */
  @Post('redrive')
  @HttpCode(200)
  @NeedsScope('admin')
  async redrive(
    @Caller() caller: Principal,
    @Body() { filter, dryRun, cursor }: RedriveDto,
  ): Promise<RedriveView> {
    if (Object.values(filter).every((value) => value === undefined)) throw EVERYTHING;
    const { nextAfter, ...result } = await this.redrives.redrive(
      toFilter(filter),
      { isDryRun: dryRun, actor: principalName(caller) },
      { after: Number(readCursor(cursor, /^\d{1,16}$/) ?? 0), limit: AT_ONCE },
    );
    const nextCursor = nextAfter === null ? null : Buffer.from(String(nextAfter)).toString('base64url');
    return { dryRun, ...result, nextCursor };
  }
}

const EVERYTHING = invalid([
  {
    field: 'filter',
    problem: 'names nothing',
    wouldBeRight: 'at least one field, such as {"state": "failed"}',
  },
]);

function toFilter({ since, until, ...rest }: RedriveFilterDto): RedriveFilter {
  const nothing = { state: null, channel: null, provider: null, reason: null, topic: null, customerId: null };
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...nothing,
    ...said,
    deliveryId: null,
    since: since === undefined ? null : new Date(readTime(since)),
    until: until === undefined ? null : new Date(readTime(until)),
  };
}

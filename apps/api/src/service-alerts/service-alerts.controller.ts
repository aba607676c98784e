import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, Id, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { NewId } from '../http/idempotency.interceptor';
import { readNumberCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import {
  CancelView,
  ConfirmServiceAlertDto,
  CreateServiceAlertDto,
  DryRunView,
  MessageCounts,
  ResendDto,
  ResendView,
  ServiceAlertPage,
  ServiceAlertView,
} from './service-alert.dto';
import { ServiceAlerts } from './service-alerts.service';

@ApiTags('service alerts')
@NeedsScope('admin')
@Controller('v1/service-alerts')
export class ServiceAlertsController {
  constructor(private readonly alerts: ServiceAlerts) {}

  /** Drafts a service alert; nobody is told yet. */
  @Post()
  create(
    @NewId() id: string,
    @Caller() caller: Principal,
    @Body() draft: CreateServiceAlertDto,
  ): Promise<ServiceAlertView> {
    return this.alerts.create(id, principalName(caller), draft);
  }

  /** Newest first. */
  @Get()
  async list(@Query() { limit, cursor }: PageQuery): Promise<ServiceAlertPage> {
    const rows = await this.alerts.list(readNumberCursor(cursor), limit + 1);
    const page = toPage(
      rows,
      limit,
      (alert) => alert.seq,
      (alert) => alert,
    );
    return { ...page, items: await this.alerts.viewsOf(page.items) };
  }

  @Get(':serviceAlertId')
  find(@Id('serviceAlertId') id: string): Promise<ServiceAlertView> {
    return this.alerts.find(id);
  }

  /** How many people it would reach, and by how many messages on each channel. Sends nothing. */
  @Post(':serviceAlertId/dry-run')
  @HttpCode(200)
  dryRun(@Id('serviceAlertId') id: string): Promise<DryRunView> {
    return this.alerts.dryRun(id);
  }

  /** Sends it to exactly as many people as the dry run said; refused if the audience has changed. */
  @Post(':serviceAlertId/confirm')
  @HttpCode(200)
  confirm(
    @Id('serviceAlertId') id: string,
    @Body() { people }: ConfirmServiceAlertDto,
  ): Promise<ServiceAlertView> {
    return this.alerts.confirm(id, people);
  }

  /** From now on nothing more of it is handed over until it is resumed; the answer counts what was by then. */
  @Post(':serviceAlertId/pause')
  @HttpCode(200)
  pause(@Id('serviceAlertId') id: string): Promise<MessageCounts> {
    return this.alerts.pause(id);
  }

  /** Goes on where it was; what waited has a day again. */
  @Post(':serviceAlertId/resume')
  @HttpCode(200)
  resume(@Id('serviceAlertId') id: string): Promise<ServiceAlertView> {
    return this.alerts.resume(id);
  }

  /** Sends again what went to many at once and ended ambiguous or failed; the former may then come twice. */
  @Post(':serviceAlertId/resend')
  @HttpCode(200)
  resend(@Id('serviceAlertId') id: string, @Body() { states }: ResendDto): Promise<ResendView> {
    return this.alerts.resend(id, states);
  }

  /** Keeps back what has not gone out, and says how much that is. */
  @Post(':serviceAlertId/cancel')
  @HttpCode(200)
  cancel(@Id('serviceAlertId') id: string): Promise<CancelView> {
    return this.alerts.cancel(id);
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { formatScaled } from '@app/contracts';
import { AlertHistoryStore, DeliveryHistoryStore, type AlertRecord } from '@app/persistence';
import { CustomerId, CustomerResource, Id, NeedsScope } from '../access/access.decorators';
import { readNumberCursor, toPage } from '../http/page';
import { notFound } from '../http/problem';
import { AlertDetailView, AlertPage, AlertsQuery, AllAlertsQuery, type AlertView } from './alert.dto';

@ApiTags('alerts')
@CustomerResource()
@Controller(['v1/me/alerts', 'v1/customers/:customerId/alerts'])
export class AlertsController {
  constructor(
    private readonly alerts: AlertHistoryStore,
    private readonly deliveries: DeliveryHistoryStore,
  ) {}

  /** Newest first. */
  @Get()
  async list(
    @CustomerId() customerId: string,
    @Query() { limit, cursor, state }: AlertsQuery,
  ): Promise<AlertPage> {
    const filter = { customerId, state: state ?? null };
    const rows = await this.alerts.list(filter, readNumberCursor(cursor), limit + 1);
    return toPage(rows, limit, (alert) => alert.seq, toView);
  }

  /** One alert, and why each message of it was sent or was not. */
  @Get(':alertId')
  async find(@CustomerId() customerId: string, @Id('alertId') alertId: string): Promise<AlertDetailView> {
    const alert = await this.alerts.find(customerId, alertId);
    if (!alert) throw notFound('alert');
    return { ...toView(alert), why: await this.deliveries.decisionsOfAlert(alertId) };
  }
}

@ApiTags('alerts')
@Controller('v1/alerts')
export class AllAlertsController {
  constructor(private readonly alerts: AlertHistoryStore) {}

  /** Everybody's alerts, newest first. */
  @Get()
  @NeedsScope('customers:read')
  async list(@Query() { limit, cursor, state, customerId }: AllAlertsQuery): Promise<AlertPage> {
    const filter = { customerId: customerId ?? null, state: state ?? null };
    const rows = await this.alerts.list(filter, readNumberCursor(cursor), limit + 1);
    return toPage(rows, limit, (alert) => alert.seq, toView);
  }
}

function toView({ seq: _seq, scale, openedValue, resolvedValue, ...alert }: AlertRecord): AlertView {
  return {
    ...alert,
    openedValue: formatScaled(openedValue, scale),
    resolvedValue: resolvedValue === null ? null : formatScaled(resolvedValue, scale),
  };
}

import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  DeliveryHistoryStore,
  RedriveStore,
  type DeliveryFilter,
  type DeliveryRecord,
  type RedriveFilter,
} from '@app/persistence';
import { Caller, CustomerId, CustomerResource, Id, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { readNumberCursor, toPage } from '../http/page';
import { conflict, notFound } from '../http/problem';
import {
  AllDeliveriesQuery,
  DeliveriesQuery,
  DeliveryDetailView,
  DeliveryPage,
  DeliveryView,
} from './delivery.dto';

@ApiTags('deliveries')
@CustomerResource()
@Controller(['v1/me/deliveries', 'v1/customers/:customerId/deliveries'])
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveryHistoryStore) {}

  /** Newest first. */
  @Get()
  list(@CustomerId() customerId: string, @Query() query: DeliveriesQuery): Promise<DeliveryPage> {
    return readPage(this.deliveries, query, customerId);
  }

  /** One delivery with its attempts, and what was decided about the other ways. */
  @Get(':deliveryId')
  find(@CustomerId() customerId: string, @Id('deliveryId') deliveryId: string): Promise<DeliveryDetailView> {
    return readOne(this.deliveries, customerId, deliveryId);
  }
}

@ApiTags('deliveries')
@Controller('v1/deliveries')
export class AllDeliveriesController {
  constructor(
    private readonly deliveries: DeliveryHistoryStore,
    private readonly redrives: RedriveStore,
  ) {}

  /** Everybody's deliveries, newest first. */
  @Get()
  @NeedsScope('customers:read')
  list(@Query() query: AllDeliveriesQuery): Promise<DeliveryPage> {
    return readPage(this.deliveries, query, query.customerId ?? null);
  }

  @Get(':deliveryId')
  @NeedsScope('customers:read')
  find(@Id('deliveryId') deliveryId: string): Promise<DeliveryDetailView> {
    return readOne(this.deliveries, null, deliveryId);
  }

  /** Sends again what failed, expired or ended ambiguous, with all its tries and a day of time. */
  @Post(':deliveryId/redrive')
  @HttpCode(200)
  @NeedsScope('admin')
  async redrive(@Id('deliveryId') deliveryId: string, @Caller() caller: Principal): Promise<DeliveryView> {
    const delivery = await this.deliveries.find(null, deliveryId);
    if (!delivery) throw notFound('delivery');
    const { examples } = await this.redrives.redrive(
      { ...ANY, deliveryId },
      { isDryRun: false, actor: principalName(caller) },
      { after: 0, limit: 1 },
    );
    const verdict = examples[0]?.verdict;
    if (verdict === 'goesAgain') return readOne(this.deliveries, null, deliveryId);
    const why = verdict
      ? `It cannot go again now: ${verdict}.`
      : `It is ${delivery.state}: only failed, ambiguous and expired deliveries go again.`;
    throw conflict('not-redrivable', why);
  }
}

const ANY: RedriveFilter = {
  ...{ deliveryId: null, state: null, channel: null, provider: null, reason: null, topic: null },
  ...{ customerId: null, since: null, until: null },
};

async function readPage(
  store: DeliveryHistoryStore,
  { limit, cursor, ...query }: DeliveriesQuery,
  customerId: string | null,
): Promise<DeliveryPage> {
  const filter: DeliveryFilter = { ...query, customerId };
  const rows = await store.list(filter, readNumberCursor(cursor), limit + 1);
  return toPage(rows, limit, (delivery) => delivery.seq, toView);
}

async function readOne(
  store: DeliveryHistoryStore,
  customerId: string | null,
  deliveryId: string,
): Promise<DeliveryDetailView> {
  const delivery = await store.find(customerId, deliveryId);
  if (!delivery) throw notFound('delivery');
  const [attempts, decisions] = await Promise.all([
    store.attemptsOf(deliveryId),
    store.decisionsOf(delivery.customerId, delivery.notificationId),
  ]);
  return { ...toView(delivery), attempts, decisions };
}

function toView({ seq: _seq, ...delivery }: DeliveryRecord): DeliveryView {
  return delivery;
}

import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SuppressionStore, type SuppressionRecord } from '@app/persistence';
import { Caller, CustomerId, CustomerResource, Id, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { INSTANT_AND_ID, readCursor, toPage } from '../http/page';
import { conflict, notFound } from '../http/problem';
import { AppealDto, LiftDto, SuppressionPage, SuppressionsQuery, SuppressionView } from './suppression.dto';
import { toSuppressionView } from './suppression-view';

@ApiTags('suppressions')
@CustomerResource()
@Controller(['v1/me/suppressions', 'v1/customers/:customerId/suppressions'])
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionStore) {}

  /** Which of the customer's addresses nothing is sent to, and why. */
  @Get()
  async list(@CustomerId() customerId: string): Promise<SuppressionPage> {
    const records = await this.suppressions.ofCustomer(customerId);
    return { items: records.map(toSuppressionView), nextCursor: null };
  }

  /** Asks for it to be lifted; an admin decides. Asking again replaces the words. */
  @Post(':suppressionId/appeal')
  @HttpCode(200)
  async appeal(
    @CustomerId() customerId: string,
    @Id('suppressionId') suppressionId: string,
    @Caller() caller: Principal,
    @Body() { text }: AppealDto,
  ): Promise<SuppressionView> {
    const actor = principalName(caller);
    const record = await this.suppressions.appeal(customerId, suppressionId, { actor, text });
    if (!record) throw notFound('suppression');
    return toSuppressionView(record);
  }

  /** Takes back what the customer asked for by a link. What a text, a complaint or a provider did stays. */
  @Post(':suppressionId/undo')
  @HttpCode(200)
  async undo(
    @CustomerId() customerId: string,
    @Id('suppressionId') suppressionId: string,
    @Caller() caller: Principal,
  ): Promise<SuppressionView> {
    const own = (await this.suppressions.ofCustomer(customerId)).find(
      (one) => one.suppressionId === suppressionId,
    );
    if (!own) throw notFound('suppression');
    if (own.reason !== 'optedOut' || !own.source.startsWith('link:')) throw STAYS;
    await this.suppressions.lift(suppressionId, { actor: principalName(caller), why: 'undone' });
    return toSuppressionView((await this.suppressions.find(suppressionId)) ?? own);
  }
}

const STAYS = conflict(
  'not-undoable',
  'This was not asked for by a link: text START to lift a STOP, or appeal, and an admin decides.',
);

@ApiTags('suppressions')
@Controller('v1/suppressions')
export class AllSuppressionsController {
  constructor(private readonly suppressions: SuppressionStore) {}

  /** Everybody's, newest first. */
  @Get()
  @NeedsScope('admin')
  async list(@Query() { limit, cursor, appealed, lifted }: SuppressionsQuery): Promise<SuppressionPage> {
    const [at = '', id = ''] = readCursor(cursor, INSTANT_AND_ID)?.split(' ') ?? [];
    const before = at ? { at: new Date(at), id } : null;
    const rows = await this.suppressions.list({ appealed, active: !lifted }, before, limit + 1);
    return toPage(rows, limit, placeOf, toSuppressionView);
  }

  /** Messages go there again. The reason is kept in the audit. */
  @Post(':suppressionId/lift')
  @HttpCode(200)
  @NeedsScope('admin')
  async lift(
    @Id('suppressionId') suppressionId: string,
    @Caller() caller: Principal,
    @Body() { reason }: LiftDto,
  ): Promise<SuppressionView> {
    const isLifted = await this.suppressions.lift(suppressionId, {
      actor: principalName(caller),
      why: reason,
    });
    const record = await this.suppressions.find(suppressionId);
    if (!record) throw notFound('suppression');
    if (!isLifted) throw conflict('lifted-already', 'It was lifted before.');
    return toSuppressionView(record);
  }
}

function placeOf({ createdAt, suppressionId }: SuppressionRecord): string {
  return `${createdAt.toISOString()} ${suppressionId}`;
}

import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CustomerId, CustomerResource, Id } from '../access/access.decorators';
import { NewId } from '../http/idempotency.interceptor';
import { INSTANT_AND_ID, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { SnoozeDto } from './notice.dto';
import { ChangeRuleDto, CreateRuleDto } from './rule.dto';
import { RulePage, RuleView } from './rule-view.dto';
import { Rules } from './rules.service';

@ApiTags('rules')
@CustomerResource()
@Controller(['v1/me/rules', 'v1/customers/:customerId/rules'])
export class RulesController {
  constructor(private readonly rules: Rules) {}

  /** Oldest first. */
  @Get()
  async list(@CustomerId() customerId: string, @Query() { limit, cursor }: PageQuery): Promise<RulePage> {
    const rows = await this.rules.list(customerId, readCursor(cursor, INSTANT_AND_ID), limit + 1);
    const page = toPage(
      rows,
      limit,
      (rule) => rule.cursor,
      (rule) => rule,
    );
    return { ...page, items: await this.rules.viewsOf(page.items) };
  }

  /** Starts to watch within a second. The answer says in words what the rule will do and whether it is true now. */
  @Post()
  create(
    @CustomerId() customerId: string,
    @NewId() ruleId: string,
    @Body() rule: CreateRuleDto,
  ): Promise<RuleView> {
    return this.rules.create(customerId, ruleId, rule);
  }

  @Get(':ruleId')
  find(@CustomerId() customerId: string, @Id('ruleId') ruleId: string): Promise<RuleView> {
    return this.rules.find(customerId, ruleId);
  }

  /** Changes only what is given. A new condition or new subjects start watching anew. */
  @Patch(':ruleId')
  change(
    @CustomerId() customerId: string,
    @Id('ruleId') ruleId: string,
    @Body() rule: ChangeRuleDto,
  ): Promise<RuleView> {
    return this.rules.change(customerId, ruleId, rule);
  }

  @Post(':ruleId/pause')
  @HttpCode(200)
  async pause(@CustomerId() customerId: string, @Id('ruleId') ruleId: string): Promise<RuleView> {
    await this.rules.setStatus(customerId, ruleId, 'paused');
    return this.rules.find(customerId, ruleId);
  }

  @Post(':ruleId/resume')
  @HttpCode(200)
  async resume(@CustomerId() customerId: string, @Id('ruleId') ruleId: string): Promise<RuleView> {
    await this.rules.setStatus(customerId, ruleId, 'active');
    return this.rules.find(customerId, ruleId);
  }

  /** Holds back what the rule would tell until then; it goes on watching, and what still holds at the end is told once. */
  @Post(':ruleId/snooze')
  @HttpCode(200)
  snooze(
    @CustomerId() customerId: string,
    @Id('ruleId') ruleId: string,
    @Body() snooze: SnoozeDto,
  ): Promise<RuleView> {
    return this.rules.snooze(customerId, ruleId, snooze);
  }

  /** Tells again from now on. */
  @Delete(':ruleId/snooze')
  wake(@CustomerId() customerId: string, @Id('ruleId') ruleId: string): Promise<RuleView> {
    return this.rules.wake(customerId, ruleId);
  }

  /** Stops for good; alerts that it raised stay readable. */
  @Delete(':ruleId')
  @HttpCode(204)
  async remove(@CustomerId() customerId: string, @Id('ruleId') ruleId: string): Promise<void> {
    await this.rules.setStatus(customerId, ruleId, 'removed');
  }
}

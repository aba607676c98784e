import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CustomerRegisterStore } from '@app/persistence';
import { CustomerId, CustomerResource, NeedsScope } from '../access/access.decorators';
import { NAME, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { conflict, invalid, notFound } from '../http/problem';
import {
  CreateCustomerDto,
  CustomerPage,
  CustomerView,
  isCustomerId,
  ReplaceCustomerDto,
} from './customer.dto';
import { followRegistration } from './follow-registration';

@ApiTags('customers')
@Controller('v1/customers')
export class CustomersController {
  constructor(private readonly register: CustomerRegisterStore) {}

  /** Registers a customer with what they own and follow. */
  @Post()
  @NeedsScope('customers:write')
  async create(@Body() customer: CreateCustomerDto): Promise<CustomerView> {
    if (await this.register.create(customer)) return toView(customer);
    throw conflict(
      'customer-exists',
      'This customer is registered already: change the registration with PUT /v1/customers/{id}.',
    );
  }

  /** All customers by id. */
  @Get()
  @NeedsScope('customers:read')
  async list(@Query() { limit, cursor }: PageQuery): Promise<CustomerPage> {
    const rows = await this.register.list(readCursor(cursor, NAME) ?? '', limit + 1);
    return toPage(rows, limit, (customer) => customer.id, toView);
  }

  @Get(':customerId')
  @CustomerResource()
  async find(@CustomerId() customerId: string): Promise<CustomerView> {
    const customer = await this.register.find(customerId);
    if (!customer) throw notFound('customer');
    return toView(customer);
  }

  /**
   * Writes the whole registration, whether or not the customer was known. Rules on everything owned take in
   * what has joined and leave what is gone; rules whose threshold is an attribute get the new one and start anew.
   */
  @Put(':customerId')
  @NeedsScope('customers:write')
  async replace(
    @Param('customerId') id: string,
    @Body() terms: ReplaceCustomerDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CustomerView> {
    if (!isCustomerId(id) || (terms.id !== undefined && terms.id !== id)) {
      throw invalid([{ field: 'id', problem: 'is not the id in the path', wouldBeRight: 'leave it out' }]);
    }
    const customer = { ...terms, id };
    const isNew = await this.register.replace(customer, (rules, before) =>
      followRegistration(rules, before, customer),
    );
    if (isNew) response.status(201);
    return toView(customer);
  }

  /** Erases the customer with their rules, alerts, messages and addresses. */
  @Delete(':customerId')
  @HttpCode(204)
  @CustomerResource()
  async erase(@CustomerId() customerId: string): Promise<void> {
    if (!(await this.register.erase(customerId))) throw notFound('customer');
  }
}

@ApiTags('customers')
@Controller('v1/me')
export class MeController {
  constructor(private readonly register: CustomerRegisterStore) {}

  /** The customer whose token this is. */
  @Get()
  @CustomerResource()
  async me(@CustomerId() customerId: string): Promise<CustomerView> {
    const customer = await this.register.find(customerId);
    if (!customer) throw notFound('customer');
    return toView(customer);
  }
}

function toView({ id, name, timeZone, language, owns, follows, attributes }: CustomerView): CustomerView {
  return { id, name, timeZone, language, owns, follows, attributes };
}

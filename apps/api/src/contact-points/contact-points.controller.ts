import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CustomerId, CustomerResource, Id } from '../access/access.decorators';
import { principalName, type ApiRequest } from '../access/principal';
import { NewId } from '../http/idempotency.interceptor';
import {
  AddContactPointDto,
  ChangeContactPointDto,
  ContactPointPage,
  ContactPointView,
  ContactPointWithSecretView,
  VerifyContactPointDto,
} from './contact-point.dto';
import { toView, toViewWithSecret } from './contact-point-view';
import { ContactPoints, type Asking } from './contact-points.service';

@ApiTags('contact points')
@CustomerResource()
@Controller(['v1/me/contact-points', 'v1/customers/:customerId/contact-points'])
export class ContactPointsController {
  constructor(private readonly contactPoints: ContactPoints) {}

  @Get()
  async list(@CustomerId() customerId: string): Promise<ContactPointPage> {
    const points = await this.contactPoints.list(customerId);
    return { items: points.map(toView), nextCursor: null };
  }

  /**
   * Adds an address and sends a code to it at once. An address that is there already answers 200; a push subscription that
   * is there with other keys takes these and is sent a code. The secret of a new web hook is shown in this answer and never
   * again.
   */
  @Post()
  @HttpCode(201)
  async add(
    @CustomerId() customerId: string,
    @NewId() contactPointId: string,
    @Body() dto: AddContactPointDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ContactPointWithSecretView> {
    const { added, point } = await this.contactPoints.add(
      { customerId, contactPointId, ...dto },
      askedBy(response.req as ApiRequest),
    );
    if (added) return toViewWithSecret(point);
    response.status(200);
    return { ...toView(point), secret: null };
  }

  @Delete(':contactPointId')
  @HttpCode(204)
  async remove(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Req() request: ApiRequest,
  ): Promise<void> {
    await this.contactPoints.remove(customerId, contactPointId, askedBy(request));
  }

  /** Another address instead. A code is sent to it at once, and nothing else until it has come back. */
  @Patch(':contactPointId')
  async change(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Body() { address }: ChangeContactPointDto,
    @Req() request: ApiRequest,
  ): Promise<ContactPointView> {
    const id = { customerId, contactPointId };
    return toView(await this.contactPoints.changeAddress(id, address, askedBy(request)));
  }

  /** Proves the address by the code that was sent to it: 5 tries, 10 minutes. */
  @Post(':contactPointId/verification')
  @HttpCode(200)
  async verify(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Body() { code }: VerifyContactPointDto,
    @Req() request: ApiRequest,
  ): Promise<ContactPointView> {
    const id = { customerId, contactPointId };
    return toView(await this.contactPoints.verify(id, code, askedBy(request)));
  }

  /** Sends another code; the one before stops counting. A contact point that was switched off comes back with it. */
  @Post(':contactPointId/code')
  @HttpCode(202)
  async sendCode(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Req() request: ApiRequest,
  ): Promise<ContactPointView> {
    return toView(await this.contactPoints.sendAnotherCode(customerId, contactPointId, askedBy(request)));
  }
}

/** A system speaks for many customers from one address, so that its address counts nobody. */
function askedBy({ principal, ip }: ApiRequest): Asking {
  if (!principal) throw new Error('the guard lets nobody through unproven');
  return { actor: principalName(principal), ip: principal.kind === 'customer' ? (ip ?? 'unknown') : null };
}

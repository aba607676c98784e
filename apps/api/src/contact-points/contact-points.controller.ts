import { Body, Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CustomerId, CustomerResource, Id } from '../access/access.decorators';
import { NewId } from '../http/idempotency.interceptor';
import {
  AddContactPointDto,
  ContactPointPage,
  ContactPointView,
  ContactPointWithSecretView,
  VerifyContactPointDto,
} from './contact-point.dto';
import { toView, toViewWithSecret } from './contact-point-view';
import { ContactPoints } from './contact-points.service';

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
   * Adds an address and sends a code to it at once. An address that is there already answers 200. The secret of a new web
   * hook is shown in this answer and never again.
   */
  @Post()
  @HttpCode(201)
  async add(
    @CustomerId() customerId: string,
    @NewId() contactPointId: string,
    @Body() dto: AddContactPointDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ContactPointWithSecretView> {
    const { added, point } = await this.contactPoints.add({ customerId, contactPointId, ...dto });
    if (added) return toViewWithSecret(point);
    response.status(200);
    return { ...toView(point), secret: null };
  }

  @Delete(':contactPointId')
  @HttpCode(204)
  async remove(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
  ): Promise<void> {
    await this.contactPoints.remove(customerId, contactPointId);
  }

  /** Proves the address by the code that was sent to it: 5 tries, 10 minutes. */
  @Post(':contactPointId/verification')
  @HttpCode(200)
  async verify(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Body() { code }: VerifyContactPointDto,
  ): Promise<ContactPointView> {
    return toView(await this.contactPoints.verify(customerId, contactPointId, code));
  }

  /** Sends another code; the one before stops counting. A contact point that was switched off comes back with it. */
  @Post(':contactPointId/code')
  @HttpCode(202)
  async sendCode(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
  ): Promise<ContactPointView> {
    return toView(await this.contactPoints.sendAnotherCode(customerId, contactPointId));
  }
}

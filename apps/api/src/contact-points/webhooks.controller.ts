import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, CustomerId, CustomerResource, Id } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { ContactPointWithSecretView, ReplayDto, ReplayView, RotateSecretDto } from './contact-point.dto';
import { toViewWithSecret } from './contact-point-view';
import { Webhooks } from './webhooks.service';

@ApiTags('contact points')
@CustomerResource()
@Controller(['v1/me/contact-points', 'v1/customers/:customerId/contact-points'])
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  /** Makes new secrets for a web hook and shows them this once. Those before sign for 72 hours more, unless compromised. */
  @Post(':contactPointId/secret')
  @HttpCode(200)
  async rotate(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Body() { isCompromised }: RotateSecretDto,
    @Caller() caller: Principal,
  ): Promise<ContactPointWithSecretView> {
    const point = { customerId, contactPointId };
    return toViewWithSecret(await this.webhooks.rotate(point, isCompromised, principalName(caller)));
  }

  /** Sends one delivery, or all of a span of time, to a web hook again, under the same ids. */
  @Post(':contactPointId/replay')
  @HttpCode(202)
  async replay(
    @CustomerId() customerId: string,
    @Id('contactPointId') contactPointId: string,
    @Body() wish: ReplayDto,
  ): Promise<ReplayView> {
    return { replayed: await this.webhooks.replay({ customerId, contactPointId }, wish) };
  }
}

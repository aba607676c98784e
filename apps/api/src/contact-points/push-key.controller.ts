import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyKeyOrCustomer } from '../access/access.decorators';
import { PushKeyView } from './contact-point.dto';

/** Token of the public key for which browsers subscribe. */
export const PUSH_KEY = Symbol('push key');

@ApiTags('contact points')
@Controller('v1/push-key')
export class PushKeyController {
  constructor(@Inject(PUSH_KEY) private readonly publicKey: string) {}

  /** The key for which a browser subscribes to pushes; its subscription is then added as a contact point. */
  @Get()
  @AnyKeyOrCustomer()
  read(): PushKeyView {
    return { publicKey: this.publicKey };
  }
}

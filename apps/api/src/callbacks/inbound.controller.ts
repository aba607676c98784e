import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readTextFrom, twimlOf } from '@app/channels';
import { Open } from '../access/access.decorators';
import type { ApiRequest } from '../access/principal';
import { CallbackGate } from './callback-gate';
import { InboundTexts } from './inbound-texts';

@ApiTags('callbacks')
@Open()
@Controller('v1/callbacks')
export class InboundController {
  constructor(
    private readonly gate: CallbackGate,
    private readonly texts: InboundTexts,
  ) {}

  /** A text to one of our numbers, signed by Twilio. STOP, START, HELP, WHY, SNOOZE 2H, or a number for a new threshold. */
  @Post('twilio/inbound')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  async text(@Req() request: ApiRequest): Promise<string> {
    const message = readTextFrom(await this.gate.fromTwilio(request));
    return twimlOf(message && (await this.texts.take(message, Date.now())));
  }
}

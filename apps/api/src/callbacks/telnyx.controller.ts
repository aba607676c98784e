import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readTelnyxReceipt, readTelnyxText } from '@app/channels';
import { ReceiptInbox } from '@app/persistence';
import { Open } from '../access/access.decorators';
import type { ApiRequest } from '../access/principal';
import { CallbackGate } from './callback-gate';
import { InboundTexts } from './inbound-texts';

/** Telnyx has one address for all it has to say: what became of texts, and texts to our numbers. */
@ApiTags('callbacks')
@Open()
@Controller('v1/callbacks')
export class TelnyxController {
  constructor(
    private readonly gate: CallbackGate,
    private readonly inbox: ReceiptInbox,
    private readonly texts: InboundTexts,
  ) {}

  /** Status of a text, or a text to one of our numbers, signed by Telnyx; older than five minutes it is refused. */
  @Post('telnyx/events')
  @HttpCode(204)
  async event(@Req() request: ApiRequest): Promise<void> {
    const event = await this.gate.fromTelnyx(request);
    const now = Date.now();
    const text = readTelnyxText(event);
    const receipt = readTelnyxReceipt(event, now);
    if (text) await this.texts.take(text, now);
    if (receipt) await this.inbox.keep([receipt]);
  }
}

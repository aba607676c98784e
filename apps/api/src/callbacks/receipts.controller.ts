import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readCallStatus, readMailEvents, readTextStatus } from '@app/channels';
import type { Receipt } from '@app/contracts';
import { ReceiptInbox } from '@app/persistence';
import { Open } from '../access/access.decorators';
import type { ApiRequest } from '../access/principal';
import { attemptIn, CallbackGate } from './callback-gate';

/** What carriers tell later about messages they took. Answered once it is kept; the dispatcher applies it. */
@ApiTags('callbacks')
@Open()
@Controller('v1/callbacks')
export class ReceiptsController {
  constructor(
    private readonly gate: CallbackGate,
    private readonly inbox: ReceiptInbox,
  ) {}

  /** Status of a text, signed by Twilio (`X-Twilio-Signature`). */
  @Post('twilio/status')
  @HttpCode(204)
  async textStatus(@Req() request: ApiRequest): Promise<void> {
    const fields = await this.gate.fromTwilio(request);
    await this.keep(readTextStatus(fields, attemptIn(request), Date.now()));
  }

  /** Status of a call, signed by Twilio (`X-Twilio-Signature`). */
  @Post('twilio/voice')
  @HttpCode(204)
  async callStatus(@Req() request: ApiRequest): Promise<void> {
    const fields = await this.gate.fromTwilio(request);
    await this.keep(readCallStatus(fields, attemptIn(request), Date.now()));
  }

  /** Events of mails, signed by SendGrid over their time and bytes; older than five minutes they are refused. */
  @Post('sendgrid/events')
  @HttpCode(204)
  async mailEvents(@Req() request: ApiRequest): Promise<void> {
    const receipts = readMailEvents(await this.gate.fromSendGrid(request), Date.now());
    await this.inbox.keep(receipts);
  }

  private async keep(receipt: Receipt | null): Promise<void> {
    if (receipt) await this.inbox.keep([receipt]);
  }
}

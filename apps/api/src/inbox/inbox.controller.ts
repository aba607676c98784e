import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InboxReadingStore } from '@app/persistence';
import { CustomerId, CustomerResource } from '../access/access.decorators';
import { readNumberCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { InboxPage } from './inbox.dto';

@ApiTags('inbox')
@CustomerResource()
@Controller(['v1/me/inbox', 'v1/customers/:customerId/inbox'])
export class InboxController {
  constructor(private readonly inbox: InboxReadingStore) {}

  /** What the customer was told, newest first. */
  @Get()
  async list(@CustomerId() customerId: string, @Query() { limit, cursor }: PageQuery): Promise<InboxPage> {
    const rows = await this.inbox.list(customerId, readNumberCursor(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      (message) => message.seq,
      ({ seq: _seq, ...message }) => message,
    );
  }
}

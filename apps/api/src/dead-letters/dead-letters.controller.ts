import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RefusedEventStore } from '@app/persistence';
import { NeedsScope } from '../access/access.decorators';
import { readNumberCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { DeadLetterPage } from './dead-letter.dto';

@ApiTags('events')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly letters: RefusedEventStore) {}

  /** Events that were set aside, with the reason; newest first. */
  @Get()
  @NeedsScope('admin')
  async list(@Query() { limit, cursor }: PageQuery): Promise<DeadLetterPage> {
    const rows = await this.letters.list(readNumberCursor(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      (letter) => letter.id,
      (letter) => letter,
    );
  }
}

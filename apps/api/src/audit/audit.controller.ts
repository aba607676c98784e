import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditStore } from '@app/persistence';
import { NeedsScope } from '../access/access.decorators';
import { readNumberCursor, toPage } from '../http/page';
import { AuditPage, AuditQuery, AuditVerdictView } from './audit.dto';

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly entries: AuditStore) {}

  /** Who did what about consent, newest first. */
  @Get()
  @NeedsScope('admin')
  async list(@Query() { limit, cursor, customerId }: AuditQuery): Promise<AuditPage> {
    const rows = await this.entries.list(customerId ?? null, readNumberCursor(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      (entry) => entry.id,
      (entry) => entry,
    );
  }

  /** Computes the whole chain again, and says where it breaks. */
  @Get('verification')
  @NeedsScope('admin')
  async verify(): Promise<AuditVerdictView> {
    const verdict = await this.entries.verify();
    return { ...verdict, isIntact: verdict.brokenAt === null };
  }
}

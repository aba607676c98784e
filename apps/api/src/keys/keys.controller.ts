import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyStore, type ApiKey } from '@app/persistence';
import { Id, NeedsScope } from '../access/access.decorators';
import { KeyRing } from '../access/key-ring';
import { INSTANT_AND_ID, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { notFound } from '../http/problem';
import { CreateKeyDto, KeyPage, NewKeyView, type KeyView } from './key.dto';

@ApiTags('keys')
@NeedsScope('admin')
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly ring: KeyRing,
  ) {}

  /** Newest first, revoked ones included. */
  @Get()
  async list(@Query() { limit, cursor }: PageQuery): Promise<KeyPage> {
    const rows = await this.keys.list(readCursor(cursor, INSTANT_AND_ID), limit + 1);
    return toPage(rows, limit, (key) => key.cursor, toView);
  }

  /** Makes a key; the answer holds its secret, which nobody can read again. */
  @Post()
  async create(@Body() { title, scopes }: CreateKeyDto): Promise<NewKeyView> {
    const { keyId, secret } = await this.ring.make(title, scopes);
    const key = await this.keys.find(keyId);
    if (!key) throw notFound('key');
    return { ...toView(key), secret };
  }

  /** The key stops working: here at once, in other processes of the API within a second. */
  @Delete(':keyId')
  @HttpCode(204)
  async revoke(@Id('keyId') keyId: string): Promise<void> {
    if (!(await this.ring.revoke(keyId))) throw notFound('key');
  }
}

function toView({ keyId, title, scopes, lastFour, createdAt, lastUsedAt, revokedAt }: ApiKey): KeyView {
  return { keyId, title, scopes, lastFour, createdAt, lastUsedAt, revokedAt };
}

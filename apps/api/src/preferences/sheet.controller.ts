import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PreferenceSheetStore } from '@app/persistence';
import { Caller, CustomerId, CustomerResource } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { conflict } from '../http/problem';
import { TopicBook } from '../topics/topic-book';
import { readSheet, writeSheet } from './read-sheet';
import { ChangeSheetDto, SheetView } from './sheet.dto';

@ApiTags('preferences')
@CustomerResource()
@Controller(['v1/me/preference-sheet', 'v1/customers/:customerId/preference-sheet'])
export class PreferenceSheetController {
  constructor(
    private readonly sheets: PreferenceSheetStore,
    private readonly topics: TopicBook,
  ) {}

  /** Quiet hours, digests, caps and order of channels; empty where the customer chose nothing. */
  @Get()
  async read(@CustomerId() customerId: string): Promise<SheetView> {
    const { sheet, ...kept } = await this.sheets.sheetOf(customerId);
    return { ...kept, sheet: writeSheet(sheet) };
  }

  /** Writes the whole sheet. What has not gone out yet is decided anew by it, within a second. */
  @Put()
  async replace(
    @CustomerId() customerId: string,
    @Caller() caller: Principal,
    @Body() { version, sheet }: ChangeSheetDto,
  ): Promise<SheetView> {
    const read = readSheet(sheet, await this.topics.critical());
    const change = { version, sheet: read, actor: principalName(caller) };
    if ((await this.sheets.saveSheet(customerId, change)) === null) {
      const { version: current } = await this.sheets.sheetOf(customerId);
      throw conflict(
        'sheet-changed',
        `The sheet has changed since it was read: it is version ${current} now.`,
      );
    }
    return this.read(customerId);
  }
}

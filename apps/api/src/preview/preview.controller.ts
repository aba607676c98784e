import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CustomerId, CustomerResource } from '../access/access.decorators';
import { PreviewRuleDto, PreviewView } from './preview.dto';
import { RulePreviews } from './rule-previews';

@ApiTags('rules')
@CustomerResource()
@Controller(['v1/me/rules/preview', 'v1/customers/:customerId/rules/preview'])
export class PreviewController {
  constructor(private readonly previews: RulePreviews) {}

  /** When this rule would have fired in the past, and what of it would have been told. Saves nothing. */
  @Post()
  @HttpCode(200)
  preview(@CustomerId() customerId: string, @Body() rule: PreviewRuleDto): Promise<PreviewView> {
    return this.previews.preview(customerId, rule);
  }
}

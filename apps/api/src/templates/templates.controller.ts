import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { checkTemplate, TEMPLATE_CHANNELS, TEMPLATE_KINDS } from '@app/channels';
import { TemplateStore, type TemplateKey } from '@app/persistence';
import { Caller, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { invalid, notFound } from '../http/problem';
import { TemplatePreviews } from './template-previews';
import {
  LANGUAGE_TAG,
  TemplateDto,
  TemplateFaultList,
  TemplateList,
  TemplatePreviewDto,
  TemplatePreviewView,
  TemplateView,
} from './template.dto';

@ApiTags('templates')
@NeedsScope('admin')
@Controller('v1/templates')
export class TemplatesController {
  constructor(
    private readonly store: TemplateStore,
    private readonly previews: TemplatePreviews,
  ) {}

  @Get()
  async list(): Promise<TemplateList> {
    return { items: await this.store.list() };
  }

  /** Templates that failed when they were needed, the latest first; saving a template anew clears its own. */
  @Get('faults')
  async faults(): Promise<TemplateFaultList> {
    return { items: await this.store.faults() };
  }

  /** Writes a message as it would go out, and sends nothing. */
  @Post('preview')
  @HttpCode(200)
  preview(@Body() wish: TemplatePreviewDto): Promise<TemplatePreviewView> {
    return this.previews.write(wish);
  }

  @Get(':kind/:channel/:language')
  async find(@Param() path: Record<string, string>): Promise<TemplateView> {
    const template = await this.store.find(keyOf(path));
    if (!template) throw notFound('template');
    return template;
  }

  /** Tried on samples first: what could fail is refused, with the field, the line and the reason. */
  @Put(':kind/:channel/:language')
  async save(
    @Param() path: Record<string, string>,
    @Body() { subject = '', text, html = '' }: TemplateDto,
    @Caller() caller: Principal,
  ): Promise<TemplateView> {
    const key = keyOf(path);
    const words = { subject, text, html };
    const finding = checkTemplate({ ...key, ...words });
    if (finding)
      throw invalid([{ ...finding, wouldBeRight: 'Liquid that docs/TEMPLATES.md describes' }], 422);
    await this.store.save(key, words, principalName(caller));
    return this.find(path);
  }

  /** The words of the next language, or the built-in ones, are used again. */
  @Delete(':kind/:channel/:language')
  @HttpCode(204)
  async remove(@Param() path: Record<string, string>, @Caller() caller: Principal): Promise<void> {
    if (!(await this.store.remove(keyOf(path), principalName(caller)))) throw notFound('template');
  }
}

/** A path that names no kind or channel leads nowhere; web hooks have no words to choose. */
function keyOf(path: Record<string, string>): TemplateKey {
  const kind = TEMPLATE_KINDS.find((each) => each === path.kind);
  const channel = TEMPLATE_CHANNELS.find((each) => each === path.channel);
  const { language = '' } = path;
  if (!kind || !channel || !LANGUAGE_TAG.test(language)) throw notFound('template');
  return { kind, channel, language: language.toLowerCase() };
}

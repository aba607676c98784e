import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { MetricCatalogueStore } from '@app/persistence';
import { AnyKeyOrCustomer, NeedsScope } from '../access/access.decorators';
import { NAME, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { conflict, notFound } from '../http/problem';
import { MetricCatalogue } from './metric-catalogue';
import { MetricDto, MetricPage } from './metric.dto';

@ApiTags('metrics')
@Controller('v1/metrics')
export class MetricsCatalogueController {
  constructor(
    private readonly store: MetricCatalogueStore,
    private readonly catalogue: MetricCatalogue,
  ) {}

  /** Defines a metric; the same definition again answers 200. Title and unit may change, the rest may not. */
  @Post()
  @HttpCode(201)
  @NeedsScope('metrics:write')
  async define(
    @Body() metric: MetricDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MetricDto> {
    const result = await this.store.define(metric);
    if (result === 'conflict') {
      throw conflict(
        'metric-fixed',
        'Scale, kind and visibility of a metric cannot change: its values and rules depend on them.',
      );
    }
    await this.catalogue.refresh();
    if (result === 'kept') response.status(200);
    return metric;
  }

  /** All metrics by name. */
  @Get()
  @AnyKeyOrCustomer()
  async list(@Query() { limit, cursor }: PageQuery): Promise<MetricPage> {
    const rows = await this.store.list(readCursor(cursor, NAME) ?? '', limit + 1);
    return toPage(
      rows,
      limit,
      (metric) => metric.name,
      (metric) => metric,
    );
  }

  @Get(':name')
  @AnyKeyOrCustomer()
  async find(@Param('name') name: string): Promise<MetricDto> {
    const metric = await this.store.find(name);
    if (!metric) throw notFound('metric');
    return metric;
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { MetricCatalogueStore, type MetricTerms } from '@app/persistence';
import { AnyKeyOrCustomer, NeedsScope } from '../access/access.decorators';
import { readDuration, writeDuration } from '../http/duration';
import { NAME, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { conflict, invalid, notFound, type FieldProblem } from '../http/problem';
import { MetricCatalogue } from './metric-catalogue';
import { MetricDto, MetricPage } from './metric.dto';

@ApiTags('metrics')
@Controller('v1/metrics')
export class MetricsCatalogueController {
  constructor(
    private readonly store: MetricCatalogueStore,
    private readonly catalogue: MetricCatalogue,
  ) {}

  /** Defines a metric; the same definition again answers 200. Scale, kind and visibility cannot change later. */
  @Post()
  @HttpCode(201)
  @NeedsScope('metrics:write')
  async define(
    @Body() metric: MetricDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MetricDto> {
    const result = await this.store.define(toTerms(metric));
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
    return toPage(rows, limit, (metric) => metric.name, toView);
  }

  @Get(':name')
  @AnyKeyOrCustomer()
  async find(@Param('name') name: string): Promise<MetricDto> {
    const metric = await this.store.find(name);
    if (!metric) throw notFound('metric');
    return toView(metric);
  }
}

/** @throws Problem where it means nothing for the metric */
function toTerms({ allowedLateness, ...metric }: MetricDto): MetricTerms {
  const allowedLatenessMs = readDuration(allowedLateness);
  const problems: FieldProblem[] = [];
  if (allowedLatenessMs > MAX_LATENESS_MS) {
    problems.push({ field: 'allowedLateness', problem: 'is too long', wouldBeRight: 'at most P1D' });
  }
  if (metric.startsAtZero && metric.kind !== 'counter') {
    const problem = `has no meaning for a ${metric.kind}`;
    problems.push({ field: 'startsAtZero', problem, wouldBeRight: 'false, or a counter' });
  }
  if (problems.length > 0) throw invalid(problems);
  return { ...metric, allowedLatenessMs };
}

function toView({ allowedLatenessMs, ...metric }: MetricTerms): MetricDto {
  return { ...metric, allowedLateness: writeDuration(allowedLatenessMs) };
}

/** Every series with windows remembers what it has seen for as long. */
const MAX_LATENESS_MS = 86_400_000;

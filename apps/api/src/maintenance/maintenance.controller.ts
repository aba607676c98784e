import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readTime } from '@app/contracts';
import { MaintenanceStore, MetricCatalogueStore, type MaintenanceWindow } from '@app/persistence';
import { Id, NeedsScope } from '../access/access.decorators';
import { NewId } from '../http/idempotency.interceptor';
import { INSTANT_AND_ID, readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { invalid, notFound, type FieldProblem } from '../http/problem';
import {
  CreateMaintenanceWindowDto,
  MaintenanceWindowPage,
  MaintenanceWindowView,
} from './maintenance-window.dto';

@ApiTags('maintenance windows')
@NeedsScope('admin')
@Controller('v1/maintenance-windows')
export class MaintenanceController {
  constructor(
    private readonly windows: MaintenanceStore,
    private readonly metrics: MetricCatalogueStore,
  ) {}

  /**
   * Holds back what alerts of a metric, a subject, both, or everything would tell in that time. Rules go on watching,
   * and what still holds at the end is told once.
   */
  @Post()
  async create(
    @NewId() maintenanceWindowId: string,
    @Body() { title, metric = null, subject = null, ...wish }: CreateMaintenanceWindowDto,
  ): Promise<MaintenanceWindowView> {
    const startsAt = new Date(readTime(wish.startsAt));
    const endsAt = new Date(readTime(wish.endsAt));
    const problems = checkTimes(startsAt, endsAt, new Date());
    if (metric !== null && !(await this.metrics.find(metric))) {
      const wouldBeRight = 'a name that GET /v1/metrics lists';
      problems.push({ field: 'metric', problem: 'is not defined', wouldBeRight });
    }
    if (problems.length > 0) throw invalid(problems);
    await this.windows.add({ maintenanceWindowId, title, metric, subject, startsAt, endsAt });
    const window = await this.windows.find(maintenanceWindowId);
    if (!window) throw notFound('maintenance window');
    return toView(window);
  }

  /** The latest end first; those that are over stay listed. */
  @Get()
  async list(@Query() { limit, cursor }: PageQuery): Promise<MaintenanceWindowPage> {
    const rows = await this.windows.list(readCursor(cursor, INSTANT_AND_ID), limit + 1);
    return toPage(rows, limit, (window) => window.cursor, toView);
  }

  /** Ends it at once, or calls it off. */
  @Delete(':maintenanceWindowId')
  @HttpCode(204)
  async remove(@Id('maintenanceWindowId') maintenanceWindowId: string): Promise<void> {
    if (!(await this.windows.remove(maintenanceWindowId))) throw notFound('maintenance window');
  }
}

function checkTimes(startsAt: Date, endsAt: Date, now: Date): FieldProblem[] {
  if (endsAt <= startsAt)
    return [{ field: 'endsAt', problem: 'is not after the start', wouldBeRight: 'a later instant' }];
  if (endsAt <= now) return [{ field: 'endsAt', problem: 'is over', wouldBeRight: 'an instant to come' }];
  return [];
}

function toView(window: MaintenanceWindow): MaintenanceWindowView {
  const { maintenanceWindowId, title, metric, subject, startsAt, endsAt, createdAt } = window;
  return { maintenanceWindowId, title, metric, subject, startsAt, endsAt, createdAt };
}

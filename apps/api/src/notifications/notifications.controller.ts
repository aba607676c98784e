import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotificationHistoryStore, type NotificationPlace } from '@app/persistence';
import { CustomerId, CustomerResource } from '../access/access.decorators';
import type { ApiRequest } from '../access/principal';
import { readCursor, toPage } from '../http/page';
import { PageQuery } from '../http/page.dto';
import { TopicBook } from '../topics/topic-book';
import { NotificationPage } from './notification.dto';

@ApiTags('notifications')
@CustomerResource()
@Controller(['v1/me/notifications', 'v1/customers/:customerId/notifications'])
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationHistoryStore,
    private readonly topics: TopicBook,
  ) {}

  /** What there was to tell, newest first, and what became of each on every way, with the way to why. */
  @Get()
  async list(
    @CustomerId() customerId: string,
    @Query() { limit, cursor }: PageQuery,
    @Req() { path }: ApiRequest,
  ): Promise<NotificationPage> {
    const records = await this.notifications.list(customerId, readPlace(cursor), limit + 1);
    const topics = await this.topics.known(records.map(({ topic }) => topic));
    const titles = new Map(topics.map(({ topic, title }) => [topic, title]));
    return toPage(records, limit, writePlace, ({ place: _place, ...record }) => ({
      ...record,
      title: titles.get(record.topic) ?? record.topic,
      why: `${path}/${record.notificationId}/why`,
    }));
  }
}

function readPlace(cursor: string | undefined): NotificationPlace | null {
  const [seq, alertSeq] =
    readCursor(cursor, /^\d{1,16} \d{1,10}$/)
      ?.split(' ')
      .map(Number) ?? [];
  return seq === undefined || alertSeq === undefined ? null : { seq, alertSeq };
}

function writePlace({ place: { seq, alertSeq } }: { place: NotificationPlace }): string {
  return `${seq} ${alertSeq}`;
}

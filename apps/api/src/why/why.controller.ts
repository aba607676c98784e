import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { WhyStore } from '@app/persistence';
import { CustomerId, CustomerResource, Id } from '../access/access.decorators';
import { notFound } from '../http/problem';
import { TopicBook } from '../topics/topic-book';
import { explain } from './explain';
import { NotificationWhyView } from './why.dto';

@ApiTags('notifications')
@CustomerResource()
@Controller(['v1/me/notifications', 'v1/customers/:customerId/notifications'])
export class WhyController {
  constructor(
    private readonly store: WhyStore,
    private readonly topics: TopicBook,
  ) {}

  /** Why it came, and why it did not: what was decided on each way, in words. */
  @Get(':notificationId/why')
  async why(
    @CustomerId() customerId: string,
    @Id('notificationId') notificationId: string,
  ): Promise<NotificationWhyView> {
    const notification = await this.store.find(customerId, notificationId);
    if (!notification) throw notFound('notification');
    const { kind, topic, alertId, causedAt } = notification;
    const [decisions, { title }] = await Promise.all([
      this.store.decisionsOf(customerId, notificationId),
      this.topics.find(topic),
    ]);
    return {
      notificationId,
      kind,
      topic,
      title,
      alertId,
      causedAt,
      why: explain(decisions, title, Date.now()),
    };
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TopicStore } from '@app/persistence';
import { DEFAULT_POLICIES, TOPIC_NAME } from '@app/preferences';
import { Caller, NeedsScope } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { notFound } from '../http/problem';
import { readPolicy, writePolicy } from './read-policy';
import { TopicBook } from './topic-book';
import { TopicList, TopicPolicyDto, TopicPolicyView } from './topic.dto';

@ApiTags('topics')
@NeedsScope('admin')
@Controller('v1/topics')
export class TopicsController {
  constructor(
    private readonly store: TopicStore,
    private readonly topics: TopicBook,
  ) {}

  /** Every topic that exists for all customers, as it is told. */
  @Get()
  async list(): Promise<TopicList> {
    return { items: (await this.topics.known()).map(writePolicy) };
  }

  @Get(':topic')
  async find(@Param('topic') topic: string): Promise<TopicPolicyView> {
    const known = await this.topics.known();
    const policy = known.find((each) => each.topic === topic);
    if (!policy) throw notFound('topic');
    return writePolicy(policy);
  }

  /** Writes the whole policy, for everything that is planned from now on. It is audited who made a topic critical. */
  @Put(':topic')
  async replace(
    @Param('topic') topic: string,
    @Body() written: TopicPolicyDto,
    @Caller() caller: Principal,
  ): Promise<TopicPolicyView> {
    await this.store.save(readPolicy(topic, written), principalName(caller));
    return this.find(topic);
  }

  /** The topic is told by default again. */
  @Delete(':topic')
  @HttpCode(204)
  async remove(@Param('topic') topic: string, @Caller() caller: Principal): Promise<void> {
    const isBuiltIn = DEFAULT_POLICIES.some((policy) => policy.topic === topic);
    const isGone = TOPIC_NAME.test(topic) && (await this.store.remove(topic, principalName(caller)));
    if (!isGone && !isBuiltIn) throw notFound('topic');
  }
}

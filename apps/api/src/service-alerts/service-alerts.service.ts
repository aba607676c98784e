import { TOPIC_SERVICE, TOPIC_VERIFICATION } from '@app/contracts';
import type {
  Audience,
  AudienceGroupsStore,
  BroadcastControlStore,
  ServiceAlertRecord,
  ServiceAlertStore,
} from '@app/persistence';
import { conflict, invalid, notFound } from '../http/problem';
import type { TopicBook } from '../topics/topic-book';
import { dryRun } from './dry-run';
import { dryRunWords } from './dry-run-words';
import { messagesOf, NOT_CONFIRMED, progressView } from './progress-view';
import type {
  AudienceDto,
  CancelView,
  CreateServiceAlertDto,
  DryRunView,
  MessageCounts,
  ResendView,
  ServiceAlertView,
} from './service-alert.dto';

/** Of people with a sheet each may be a group of their own; of more than so many a share stands for all. */
const MOST_WITH_SHEET = 20_000;

/** From a draft over a number that somebody has seen to many messages. */
export class ServiceAlerts {
  constructor(
    private readonly store: ServiceAlertStore,
    private readonly control: BroadcastControlStore,
    private readonly audiences: AudienceGroupsStore,
    private readonly topics: TopicBook,
  ) {}

  async create(
    serviceAlertId: string,
    createdBy: string,
    dto: CreateServiceAlertDto,
  ): Promise<ServiceAlertView> {
    if (dto.topic === TOPIC_VERIFICATION) {
      throw invalid([
        { field: 'topic', problem: 'is for codes alone', wouldBeRight: 'another topic, such as service' },
      ]);
    }
    const { title, text, severity, topic = TOPIC_SERVICE, publicPost = false } = dto;
    const audience = toAudience(dto.audience);
    await this.store.create({
      serviceAlertId,
      title,
      text,
      severity,
      topic,
      audience,
      publicPost,
      createdBy,
    });
    return this.find(serviceAlertId);
  }

  async find(serviceAlertId: string): Promise<ServiceAlertView> {
    const [view] = await this.viewsOf([await this.kept(serviceAlertId)]);
    if (!view) throw notFound('service alert');
    return view;
  }

  list(before: number, limit: number): Promise<ServiceAlertRecord[]> {
    return this.store.list(before, limit);
  }

  async viewsOf(alerts: readonly ServiceAlertRecord[]): Promise<ServiceAlertView[]> {
    const progress = await this.control.progressOf(alerts.map((alert) => alert.serviceAlertId));
    return alerts.map(({ seq: _seq, createdBy: _by, ...alert }) => ({
      ...alert,
      progress: progressView(progress.get(alert.serviceAlertId) ?? NOT_CONFIRMED),
    }));
  }

  async dryRun(serviceAlertId: string): Promise<DryRunView> {
    const alert = await this.kept(serviceAlertId);
    const { audience, topic, publicPost } = alert;
    const { people, withSheet } = await this.audiences.sizeOf(audience);
    const oneIn = Math.max(1, Math.ceil(withSheet / MOST_WITH_SHEET));
    const [groups, policy] = await Promise.all([
      this.audiences.groupsOf(audience, topic, oneIn),
      this.topics.find(topic),
    ]);
    const result = dryRun(alert, policy, { groups, oneIn }, Date.now());
    return { people, ...result, oneIn, words: dryRunWords(people, oneIn, result), publicPost };
  }

  async confirm(serviceAlertId: string, people: number): Promise<ServiceAlertView> {
    await this.kept(serviceAlertId);
    const result = await this.store.confirm(serviceAlertId, people);
    switch (result.kind) {
      case 'confirmed':
        return this.find(serviceAlertId);
      case 'notADraft':
        throw conflict('not-a-draft', 'Only a draft can be confirmed, and each draft once.');
      case 'audienceChanged':
        throw conflict(
          'audience-changed',
          `It would reach ${result.people} people now, not ${people}: make another dry run and confirm its number.`,
        );
      default:
        return result satisfies never;
    }
  }

  async pause(serviceAlertId: string): Promise<MessageCounts> {
    const alert = await this.kept(serviceAlertId);
    const progress = await this.control.pause(serviceAlertId);
    if (!progress)
      throw conflict('not-pausable', `It is ${alert.status}: only what is being sent can be paused.`);
    return messagesOf(progress);
  }

  async resume(serviceAlertId: string): Promise<ServiceAlertView> {
    const alert = await this.kept(serviceAlertId);
    if (await this.control.resume(serviceAlertId)) return this.find(serviceAlertId);
    throw conflict('not-paused', `It is ${alert.status}: only what is paused can be resumed.`);
  }

  async resend(serviceAlertId: string, states: readonly ('ambiguous' | 'failed')[]): Promise<ResendView> {
    await this.kept(serviceAlertId);
    return { messages: await this.control.resend(serviceAlertId, states) };
  }

  async cancel(serviceAlertId: string): Promise<CancelView> {
    await this.kept(serviceAlertId);
    const result = await this.control.cancel(serviceAlertId);
    switch (result.kind) {
      case 'cancelled':
        return result.counts;
      case 'cancelledAlready':
        throw conflict('not-cancellable', 'It is cancelled already.');
      case 'completed':
        throw conflict(
          'not-cancellable',
          'It is completed: all of it has ended, and nothing can be kept back.',
        );
      default:
        return result satisfies never;
    }
  }

  private async kept(serviceAlertId: string): Promise<ServiceAlertRecord> {
    const alert = await this.store.find(serviceAlertId);
    if (!alert) throw notFound('service alert');
    return alert;
  }
}

function toAudience({
  kind,
  topic = '',
  subjects = [],
  relations = ['owns', 'follows'],
}: AudienceDto): Audience {
  switch (kind) {
    case 'everyone':
      return { kind };
    case 'topic':
      return { kind, topic };
    case 'subjects':
      return { kind, subjects, relations };
    default:
      return kind satisfies never;
  }
}

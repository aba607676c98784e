import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { TopicPolicy } from '@app/contracts';
import { PreferenceSheetStore } from '@app/persistence';
import { defaultChannels } from '@app/preferences';
import { Caller, CustomerId, CustomerResource } from '../access/access.decorators';
import { principalName, type Principal } from '../access/principal';
import { invalid } from '../http/problem';
import { TopicBook } from '../topics/topic-book';
import { preferenceGrid } from './preference-grid';
import { PreferencesDto, PreferencesView, type PreferenceDto, type TopicView } from './preference.dto';

@ApiTags('preferences')
@CustomerResource()
@Controller(['v1/me/preferences', 'v1/customers/:customerId/preferences'])
export class PreferencesController {
  constructor(
    private readonly sheets: PreferenceSheetStore,
    private readonly topics: TopicBook,
  ) {}

  /** The whole grid of topics and channels with its defaults; of topics without a switch the reason. */
  @Get()
  async read(@CustomerId() customerId: string): Promise<PreferencesView> {
    const [switched, ofRules, { sheet }] = await Promise.all([
      this.sheets.find(customerId),
      this.sheets.topicsOfRules(customerId),
      this.sheets.sheetOf(customerId),
    ]);
    const topics = await this.topics.known([...ofRules, ...switched.map(({ topic }) => topic)]);
    return { preferences: preferenceGrid(topics, switched, sheet), topics: topics.map(toView) };
  }

  /** Writes all switches; what has not gone out yet is decided anew by them, within a second. */
  @Put()
  async replace(
    @CustomerId() customerId: string,
    @Caller() caller: Principal,
    @Body() { preferences }: PreferencesDto,
  ): Promise<PreferencesView> {
    const topics = await this.topics.known(preferences.map(({ topic }) => topic));
    refuseWhatCannotBe(preferences, topics);
    await this.sheets.replace(customerId, saidOf(preferences, topics), principalName(caller));
    return this.read(customerId);
  }
}

/** Off where it is off anyhow says nothing, and must not outlive the day on which the customer's order names the channel. */
function saidOf(preferences: readonly PreferenceDto[], topics: readonly TopicPolicy[]): PreferenceDto[] {
  const usual = new Map(topics.map((policy) => [policy.topic, defaultChannels(policy, policy.steps)]));
  return preferences.filter(
    ({ topic, channel, enabled }) => enabled || (usual.get(topic)?.includes(channel) ?? true),
  );
}

function refuseWhatCannotBe(preferences: readonly PreferenceDto[], topics: readonly TopicPolicy[]): void {
  const critical = new Map(topics.filter((each) => each.isCritical).map((each) => [each.topic, each]));
  const seen = new Set<string>();
  const errors = preferences.flatMap(({ topic, channel }, index) => {
    const field = `preferences[${index}]`;
    const fixed = critical.get(topic);
    if (fixed) {
      const problem = `${topic} cannot be switched: ${fixed.criticalReason}`;
      return [{ field, problem, wouldBeRight: 'leave it out' }];
    }
    if (seen.has(`${topic} ${channel}`))
      return [{ field, problem: 'says it twice', wouldBeRight: 'each topic and channel once' }];
    seen.add(`${topic} ${channel}`);
    return [];
  });
  if (errors.length > 0) throw invalid(errors);
}

function toView({ topic, title, description, isCritical, criticalReason, digest }: TopicPolicy): TopicView {
  return { topic, title, description, isSwitchable: !isCritical, whyNotSwitchable: criticalReason, digest };
}

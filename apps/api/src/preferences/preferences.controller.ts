import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PreferenceSheetStore } from '@app/persistence';
import { defaultTopics } from '@app/preferences';
import { CustomerId, CustomerResource } from '../access/access.decorators';
import { invalid } from '../http/problem';
import { knownTopics, preferenceGrid } from './preference-grid';
import { PreferencesDto, PreferencesView, type PreferenceDto } from './preference.dto';

@ApiTags('preferences')
@CustomerResource()
@Controller(['v1/me/preferences', 'v1/customers/:customerId/preferences'])
export class PreferencesController {
  constructor(private readonly sheet: PreferenceSheetStore) {}

  /** The whole grid of topics and channels with its defaults. */
  @Get()
  async read(@CustomerId() customerId: string): Promise<PreferencesView> {
    const [switched, ofRules] = await Promise.all([
      this.sheet.find(customerId),
      this.sheet.topicsOfRules(customerId),
    ]);
    const topics = knownTopics(ofRules, switched);
    return { preferences: preferenceGrid(topics, switched), topics };
  }

  /** Writes all switches; counts for everything that is planned from now on. */
  @Put()
  async replace(
    @CustomerId() customerId: string,
    @Body() { preferences }: PreferencesDto,
  ): Promise<PreferencesView> {
    refuseWhatCannotBe(preferences);
    await this.sheet.replace(customerId, preferences);
    return this.read(customerId);
  }
}

function refuseWhatCannotBe(preferences: readonly PreferenceDto[]): void {
  const fixed = defaultTopics.filter((topic) => !topic.isSwitchable).map((topic) => topic.topic);
  const seen = new Set<string>();
  const errors = preferences.flatMap(({ topic, channel }, index) => {
    const field = `preferences.${index}`;
    if (fixed.includes(topic))
      return [{ field, problem: `${topic} cannot be switched`, wouldBeRight: 'leave it out' }];
    if (seen.has(`${topic} ${channel}`))
      return [{ field, problem: 'says it twice', wouldBeRight: 'each topic and channel once' }];
    seen.add(`${topic} ${channel}`);
    return [];
  });
  if (errors.length > 0) throw invalid(errors);
}

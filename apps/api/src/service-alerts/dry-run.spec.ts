import type { AudienceGroup } from '@app/persistence';
import { defaultPolicy } from '@app/preferences';
import { dryRun } from './dry-run';
import { dryRunWords } from './dry-run-words';

const ALERT = {
  serviceAlertId: 's',
  title: 'Fog',
  text: 'Late.',
  severity: 'info',
  topic: 'service',
} as const;
const plain: AudienceGroup = {
  ...{ people: 900_000, timeZone: 'UTC', switches: [], sheet: null, used: [] },
  contactPoints: [{ channel: 'email', isVerified: true, suppression: null }],
};
const chose: AudienceGroup = { ...plain, people: 10, sheet: { caps: { sms: { perDay: 3 } } } };

describe('a dry run', () => {
  it('lets those with a sheet who were looked at stand for those who were not, and nobody else', () => {
    const policy = defaultPolicy('service');
    const result = dryRun(ALERT, policy, { groups: [plain, chose], oneIn: 5 }, 0);
    expect(result.messages).toEqual({ email: 900_050, inbox: 900_050 });
    expect(dryRunWords(900_050, 5, result)).toBe(
      '900050 people in the audience. Messages: 900050 email, 900050 inbox. ' +
        'Of customers with a preference sheet one in 5 was looked at; their numbers are estimates.',
    );
  });

  it('of nobody says that there is nothing', () => {
    const result = dryRun(ALERT, defaultPolicy('service'), { groups: [], oneIn: 1 }, 0);
    expect(dryRunWords(0, 1, result)).toBe('0 people in the audience. Messages: none.');
  });
});

import { EgressGuard, VENDORS_HOSTS } from '@app/channels';
import { normaliseChat } from './normalise-chat';

const guard = new EgressGuard();

describe('an address of a chat', () => {
  it.each([
    ['https://hooks.slack.com/services/T1/B2/secret', 'https://hooks.slack.com/services/T1/B2/secret'],
    [' telegram: -100200300 ', 'telegram:-100200300'],
    ['Telegram:42', 'telegram:42'],
    [
      'https://default12.34.environment.api.powerplatform.com:443/workflows/a?sig=b#part',
      'https://default12.34.environment.api.powerplatform.com/workflows/a?sig=b',
    ],
  ])('%s has one form', (input, address) => {
    expect(normaliseChat(input, guard, VENDORS_HOSTS)).toEqual({ ok: true, address });
  });

  it.each([
    'https://example.org/hook',
    'https://hooks.slack.com.evil.example/services/x',
    'https://hooks.slack.com@evil.example/x',
    'http://hooks.slack.com/services/x',
    'https://powerplatform.com/x',
    'telegram:ada',
    '42',
  ])('%s is refused, with what would be right', (input) => {
    expect(normaliseChat(input, guard, VENDORS_HOSTS)).toMatchObject({
      ok: false,
      problem: { field: 'address', wouldBeRight: expect.any(String) },
    });
  });

  it('may be on a host of the installation’s own, if that is named in both settings', () => {
    const hooks = { slack: ['chat.intranet:8065'], teams: [] };
    const url = 'http://chat.intranet:8065/hooks/x';
    expect(normaliseChat(url, guard, hooks)).toMatchObject({ ok: false });
    const open = new EgressGuard({ allow: ['chat.intranet:8065'] });
    expect(normaliseChat(url, open, hooks)).toEqual({ ok: true, address: url });
    expect(normaliseChat('https://hooks.slack.com/services/x', open, hooks)).toMatchObject({ ok: false });
  });
});

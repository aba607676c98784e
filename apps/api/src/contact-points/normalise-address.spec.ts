import { normaliseAddress } from './normalise-address';

describe('an address', () => {
  it.each([
    ['sms', '+49 151 12345678', '+4915112345678'],
    ['sms', '+1 (555) 010-9999', '+15550109999'],
    ['email', '  Ada.Lovelace@Example.ORG ', 'Ada.Lovelace@example.org'],
    ['email', 'o’hara+news@sub.example.co.uk', 'o’hara+news@sub.example.co.uk'],
    ['voice', '+49 30 1234567', '+49301234567'],
    ['social', ' 1000000000000000042 ', '1000000000000000042'],
    ['social', '@Ada@Mastodon.Example', '@ada@mastodon.example'],
    ['social', '@Ada.bsky.social', 'ada.bsky.social'],
    ['social', 'ada.customers.example', 'ada.customers.example'],
    ['social', 'did:plc:z72i7hdynmk6r22z27h6tvur', 'did:plc:z72i7hdynmk6r22z27h6tvur'],
  ] as const)('on %s has one form: %s is %s', (channel, input, address) => {
    expect(normaliseAddress(channel, input)).toEqual({ ok: true, address });
  });

  it.each([
    ['sms', '00491511234567'],
    ['sms', '+49151123x'],
    ['email', 'two@at@example.org'],
    ['email', 'name@-example.org'],
    ['email', 'name@example.o'],
    ['email', `${'x'.repeat(65)}@example.org`],
    ['email', 'line\nbreak@example.org'],
    ['social', 'ada'],
    ['social', '@ada@host@mastodon.example'],
    ['social', '@ada and @eve@mastodon.example'],
    ['social', 'public'],
    ['social', 'did:key:z6Mk'],
    ['voice', '112'],
  ] as const)('on %s is refused as %s, with what would be right', (channel, input) => {
    expect(normaliseAddress(channel, input)).toMatchObject({
      ok: false,
      problem: { field: 'address', wouldBeRight: expect.any(String) },
    });
  });
});

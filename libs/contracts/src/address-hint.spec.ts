import { addressHint } from '.';

describe('the hint at an address', () => {
  it.each([
    ['sms', '+4915112345678', '+49…78'],
    ['email', 'ada@example.org', 'a…@example.org'],
    ['webhook', 'https://hooks.bank.example/secret/path', 'hooks.bank.example/…'],
    ['social', '12345', '…'],
    ['social', '1000000000000000042', '100…42'],
  ] as const)('on %s of %s is %s', (channel, address, hint) => {
    expect(addressHint(channel, address)).toBe(hint);
  });
});

import { refusedAddress } from './refused-address';

const delivery = { attemptId: 'attempt-1', channel: 'sms', address: '+4915112345678' } as const;

describe('an address that a carrier refuses', () => {
  it.each([
    ['sms', 'invalidAddress', 'deadNumber'],
    ['sms', 'optedOut', 'optedOut'],
    ['email', 'invalidAddress', 'bounced'],
    ['voice', 'invalidAddress', 'deadNumber'],
  ] as const)('on %s as %s is suppressed as %s', (channel, reason, suppress) => {
    expect(refusedAddress({ ...delivery, channel }, { kind: 'rejected', reason }, 1)).toMatchObject({
      eventId: 'refused:attempt-1',
      channel,
      address: delivery.address,
      state: 'undelivered',
      suppress,
      mayRetry: false,
    });
  });

  it('is not given up for what is said of the message, of our account, or for now', () => {
    for (const reason of ['content', 'configuration', 'blocked'])
      expect(refusedAddress(delivery, { kind: 'rejected', reason }, 1)).toBeNull();
    expect(refusedAddress(delivery, { kind: 'retryable', reason: 'invalidAddress' }, 1)).toBeNull();
    expect(refusedAddress(delivery, { kind: 'accepted', providerMessageId: 'SM1' }, 1)).toBeNull();
    expect(
      refusedAddress({ ...delivery, address: null }, { kind: 'rejected', reason: 'optedOut' }, 1),
    ).toBeNull();
    expect(
      refusedAddress({ ...delivery, channel: 'push' }, { kind: 'rejected', reason: 'invalidAddress' }, 1),
    ).toBeNull();
  });
});

import type { Channel, SendOutcome } from '@app/contracts';
import type { ContactPointHealthStore } from '@app/persistence';
import { ContactPointWatch, PATIENCE_MS, verdictOn } from './contact-point-watch';

const accepted: SendOutcome = { kind: 'accepted', providerMessageId: '1' };
const rejected = (reason: string): SendOutcome => ({ kind: 'rejected', reason });
const retryable = (reason: string): SendOutcome => ({ kind: 'retryable', reason });

describe('what an outcome says about a contact point', () => {
  it.each([
    ['webhook', accepted, 'well'],
    ['webhook', rejected('invalidAddress'), 'gone'],
    ['webhook', retryable('refused'), 'ill'],
    ['webhook', retryable('unreachable'), 'ill'],
    ['webhook', rejected('forbiddenAddress'), 'ill'],
    ['webhook', { kind: 'ambiguous', reason: 'timeout' }, 'ill'],
    ['webhook', retryable('throttled'), 'nothing'],
    ['webhook', retryable('aborted'), 'nothing'],
    ['push', rejected('invalidAddress'), 'gone'],
    ['push', accepted, 'well'],
    ['push', retryable('unreachable'), 'nothing'],
    ['chat', rejected('invalidAddress'), 'gone'],
    ['sms', rejected('invalidAddress'), 'nothing'],
    ['email', accepted, 'nothing'],
  ] as [Channel, SendOutcome, string][])('by %s after %o: %s', (channel, outcome, verdict) => {
    expect(verdictOn(channel, outcome)).toBe(verdict);
  });
});

describe('the watch over contact points', () => {
  const point = { deliveryId: 'd1', contactPointId: 'p1', channel: 'webhook' } as const;
  const watchWith = (store: Partial<ContactPointHealthStore>) => {
    const trouble = jest.fn();
    return { trouble, watch: new ContactPointWatch(store as ContactPointHealthStore, trouble) };
  };

  it.each([
    [PATIENCE_MS - 1, 0],
    [PATIENCE_MS, 1],
    [null, 0],
  ])('switches off what has failed for as long as its patience lasts (%s ms)', async (forMs, times) => {
    const disable = jest.fn(async () => true);
    const { watch } = watchWith({ noteIll: async () => forMs, disable });
    await watch.heard(point, retryable('refused'));
    expect(disable).toHaveBeenCalledTimes(times);
  });

  it('asks nothing of the store about a public post, and survives a store that is away', async () => {
    const { watch, trouble } = watchWith({ noteWell: () => Promise.reject(new Error('away')) });
    await watch.heard({ ...point, contactPointId: null }, accepted);
    expect(trouble).not.toHaveBeenCalled();
    await watch.heard(point, accepted);
    expect(trouble).toHaveBeenCalledTimes(1);
  });
});

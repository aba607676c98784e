import { WebhookAdapter } from '@app/channels';
import { callTimes } from './call-times';

const webhook = new WebhookAdapter({ egress: { allow: [] } });
afterAll(() => webhook.close());

describe('the time of a call', () => {
  it('is 10 s where an adapter says nothing, and 15 s for a web hook', () => {
    expect(callTimes({}, 20_000)).toEqual({ askMs: 2_500, sendMs: 10_000 });
    expect(callTimes(webhook, 20_000).sendMs).toBe(15_000);
  });

  it('is not longer in a longer lease', () => {
    expect(callTimes(webhook, 60_000)).toEqual(callTimes(webhook, 20_000));
  });

  it.each([200, 4_000, 20_000])('ends with its question in nine tenths of a lease of %i ms', (leaseMs) => {
    for (const adapter of [{}, webhook]) {
      const { askMs, sendMs } = callTimes(adapter, leaseMs);
      expect(askMs + sendMs).toBeLessThan(0.9 * leaseMs);
    }
  });
});

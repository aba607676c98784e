import type { Recipients, UnplannedNotification } from '@app/persistence';
import { planPage } from './plan-page';

const NOBODY: Recipients = {
  ...{ customers: [], contactPoints: [], preferences: [], suppressed: [], used: [], policies: [] },
  ...{ told: new Map(), taken: new Map() },
};

const post: UnplannedNotification = {
  ...{
    notificationId: 'n1',
    customerId: null,
    topic: 'service',
    lane: 'bulk',
    channels: ['social'],
    causedAt: 0,
  },
  ...{ alertId: null, step: 0, isReplanned: false },
  body: {
    kind: 'serviceAlert',
    facts: { serviceAlertId: 's1', title: 'Cards', text: 'Card payments are slow.', severity: 'warning' },
  },
};

function plan(notification: UnplannedNotification, recipients = NOBODY, publicCarriers = ['x', 'mastodon']) {
  const trouble: unknown[] = [];
  const terms = { now: 1_000, publicCarriers, onTrouble: (...what: unknown[]) => void trouble.push(what) };
  return { ...planPage([notification], recipients, terms), trouble };
}

describe('a public post', () => {
  it('goes once to each network that we post on, and to no other', () => {
    const { deliveries } = plan(post);
    expect(deliveries.map(({ pinnedProvider }) => pinnedProvider)).toEqual(['x', 'mastodon']);
    expect(new Set(deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(2);
  });
});

describe('a message of a topic', () => {
  const toAnn = { ...post, customerId: 'ann', channels: null };

  it('lives as long as its topic allows', () => {
    const policies = [{ topic: 'service', ttlMs: 60_000 } as Recipients['policies'][number]];
    const { deliveries } = plan(toAnn, { ...NOBODY, policies });
    expect(deliveries.map(({ channel, expiresAt }) => [channel, expiresAt])).toEqual([['inbox', 61_000]]);
  });

  it('is planned in UTC, and somebody hears of it, where the zone of its customer is unknown here', () => {
    const ann = {
      id: 'ann',
      name: 'Ann',
      timeZone: 'Mars/Olympus',
      language: 'en',
      planEpoch: 0,
      sheetVersion: 1,
    };
    const customers = [{ ...ann, sheet: { caps: { inbox: { perDay: 1 } } } }];
    const { deliveries, trouble } = plan(toAnn, { ...NOBODY, customers });
    expect(deliveries).toHaveLength(1);
    expect(trouble).toHaveLength(1);
  });
});

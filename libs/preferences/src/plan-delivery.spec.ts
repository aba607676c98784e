import { CHANNELS } from '@app/contracts';
import type { Channel, ContactPoint, Notification, NotificationBody, Preference } from '@app/contracts';
import fc from 'fast-check';
import { DEFAULT_POLICIES, defaultPolicy, plainRecipient, planDelivery, toldKey } from '.';
import type { Recipient } from '.';

const NOW = Date.UTC(2026, 10, 20, 12);
const VERIFIED = new Date(NOW - 86_400_000);

const firing: NotificationBody = {
  kind: 'alertFired',
  facts: {
    alertId: 'alert-1',
    ruleId: 'rule-1',
    ruleTitle: '',
    condition: 'is below 100.00 EUR',
    metric: 'account.balance',
    metricTitle: 'balance',
    unit: 'EUR',
    scale: 2,
    subject: 'account:42',
    value: 9_900,
    at: NOW,
    openedAt: NOW,
  },
};
const recovery: NotificationBody = { kind: 'alertRecovered', facts: firing.facts };

function aCodeFor(contactPointId: string, expiresAt = NOW + 600_000): NotificationBody {
  return { kind: 'verificationCode', facts: { contactPointId, code: '123456', expiresAt } };
}

function aNotification(over: Partial<Notification> = {}): Notification {
  return {
    notificationId: 'notification-1',
    customerId: 'ann',
    topic: 'alerts',
    lane: 'normal',
    channels: null,
    body: firing,
    causedAt: NOW,
    ...over,
  };
}

function aPoint(channel: Channel, over: Partial<ContactPoint> = {}): ContactPoint {
  const contactPointId = `${channel}-1`;
  return {
    contactPointId,
    customerId: 'ann',
    channel,
    address: `to ${contactPointId}`,
    verifiedAt: VERIFIED,
    ...over,
  };
}

function aRecipient(over: Partial<Recipient> = {}): Recipient {
  return {
    ...plainRecipient({
      customerId: 'ann',
      contactPoints: [aPoint('sms'), aPoint('email')],
      preferences: [],
      topic: defaultPolicy('alerts'),
    }),
    ...over,
  };
}

function off(channel: Channel, topic = 'alerts'): Preference {
  return { topic, channel, enabled: false };
}

describe('planning one notification to one customer', () => {
  it('reaches every verified contact point and the inbox where the customer said nothing', () => {
    const { send } = planDelivery(aNotification(), aRecipient(), NOW);
    expect(send).toMatchObject([
      { contactPointId: 'sms-1', channel: 'sms', address: 'to sms-1', reason: 'byDefault' },
      { contactPointId: 'email-1', channel: 'email', address: 'to email-1', reason: 'byDefault' },
      { contactPointId: null, channel: 'inbox', address: 'ann', reason: 'byDefault' },
    ]);
  });

  it('leaves out a channel that the customer switched off for the topic, and only for that topic', () => {
    const recipient = aRecipient({ preferences: [off('sms'), off('email', 'service'), off('inbox')] });
    expect(planDelivery(aNotification(), recipient, NOW).decisions).toMatchObject([
      { channel: 'sms', contactPointId: 'sms-1', decision: 'suppressed', reason: 'switchedOff' },
      { channel: 'email', contactPointId: 'email-1', decision: 'sent', reason: 'byDefault' },
      { channel: 'inbox', contactPointId: null, decision: 'suppressed', reason: 'switchedOff' },
    ]);
  });

  it('says that the customer wanted it where a preference switches the topic on', () => {
    const recipient = aRecipient({ preferences: [{ topic: 'alerts', channel: 'sms', enabled: true }] });
    expect(planDelivery(aNotification(), recipient, NOW).send[0]).toMatchObject({ reason: 'switchedOn' });
  });

  it('never uses an address that is not proven', () => {
    const recipient = aRecipient({ contactPoints: [aPoint('sms', { verifiedAt: null })] });
    const { send, decisions } = planDelivery(aNotification(), recipient, NOW);
    expect(send.map(({ channel }) => channel)).toEqual(['inbox']);
    expect(decisions[0]).toMatchObject({ channel: 'sms', decision: 'suppressed', reason: 'notVerified' });
  });

  it("never uses another customer's address, even if it is handed one", () => {
    const recipient = aRecipient({ contactPoints: [aPoint('sms', { customerId: 'bob' })] });
    const { send, decisions } = planDelivery(aNotification(), recipient, NOW);
    expect(send.map(({ channel }) => channel)).toEqual(['inbox']);
    expect(decisions[0]).toMatchObject({ reason: 'notTheirs' });
  });

  it('keeps to the channels that the rule asks for', () => {
    const { send, decisions } = planDelivery(aNotification({ channels: ['email'] }), aRecipient(), NOW);
    expect(send.map(({ channel }) => channel)).toEqual(['email']);
    expect(decisions.filter(({ reason }) => reason === 'channelNotAsked')).toHaveLength(2);
  });

  it('says so when a channel was asked for on which the customer has no contact point', () => {
    const { send, decisions } = planDelivery(aNotification({ channels: ['social'] }), aRecipient(), NOW);
    expect(send).toEqual([]);
    expect(decisions.at(-1)).toMatchObject({
      channel: 'social',
      contactPointId: null,
      decision: 'suppressed',
      reason: 'noUsableContactPoint',
    });
  });

  it('says so when nothing at all can be sent', () => {
    const recipient = aRecipient({ contactPoints: [], preferences: [off('inbox')] });
    const { send, decisions } = planDelivery(aNotification(), recipient, NOW);
    expect(send).toEqual([]);
    expect(decisions.map(({ channel, reason }) => `${channel} ${reason}`)).toEqual([
      'inbox switchedOff',
      'sms noUsableContactPoint',
      'email noUsableContactPoint',
      'social noUsableContactPoint',
      'push noUsableContactPoint',
      'webhook noUsableContactPoint',
      'chat noUsableContactPoint',
    ]);
  });
});

describe('planning a recovery', () => {
  it('tells only the ways that heard of the firing', () => {
    const told = [toldKey({ channel: 'email', contactPointId: 'email-1' })];
    const { send, decisions } = planDelivery(aNotification({ body: recovery }), aRecipient({ told }), NOW);
    expect(send).toMatchObject([
      { contactPointId: 'email-1', channel: 'email', address: 'to email-1', reason: 'wasTold' },
    ]);
    expect(decisions.filter(({ reason }) => reason === 'wasNotTold').map(({ channel }) => channel)).toEqual([
      'sms',
      'inbox',
    ]);
  });

  it('is silent where the channel has been switched off since the firing', () => {
    const recipient = aRecipient({ told: ['sms:sms-1', 'inbox:'], preferences: [off('sms')] });
    const { send } = planDelivery(aNotification({ body: recovery }), recipient, NOW);
    expect(send.map(({ channel }) => channel)).toEqual(['inbox']);
  });

  it('tells nobody where nobody is known to have heard of the firing', () => {
    expect(planDelivery(aNotification({ body: recovery }), aRecipient(), NOW).send).toEqual([]);
  });

  it('says that the contact point is gone which heard of the firing', () => {
    const { decisions } = planDelivery(
      aNotification({ body: recovery }),
      aRecipient({ told: ['social:gone'] }),
      NOW,
    );
    expect(decisions.at(-1)).toMatchObject({ channel: 'social', reason: 'noUsableContactPoint' });
  });
});

describe('planning a verification code', () => {
  const unproven = aRecipient({
    contactPoints: [aPoint('sms', { verifiedAt: null }), aPoint('email')],
    preferences: [off('sms', 'verification')],
  });

  it('goes to the address that it proves and to no other, whatever the preferences say', () => {
    const { send, decisions } = planDelivery(
      aNotification({ topic: 'verification', body: aCodeFor('sms-1') }),
      unproven,
      NOW,
    );
    expect(send).toMatchObject([
      { contactPointId: 'sms-1', channel: 'sms', address: 'to sms-1', reason: 'provesThisAddress' },
    ]);
    expect(decisions).toHaveLength(1);
  });

  it('is not sent once it has expired', () => {
    const { send, decisions } = planDelivery(aNotification({ body: aCodeFor('sms-1', NOW) }), unproven, NOW);
    expect(send).toEqual([]);
    expect(decisions).toMatchObject([
      { channel: 'sms', contactPointId: 'sms-1', decision: 'suppressed', reason: 'codeExpired' },
    ]);
  });

  it('goes nowhere when its contact point is gone, and says so', () => {
    const { send, decisions } = planDelivery(
      aNotification({ body: aCodeFor('gone'), channels: ['sms'] }),
      aRecipient(),
      NOW,
    );
    expect(send).toEqual([]);
    expect(decisions).toMatchObject([
      { channel: 'sms', contactPointId: null, decision: 'suppressed', reason: 'noUsableContactPoint' },
    ]);
  });
});

describe('whatever a customer has and wants', () => {
  const channel = fc.constantFrom(...CHANNELS);
  const points = fc.uniqueArray(
    fc.record({
      contactPointId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      customerId: fc.constantFrom('ann', 'ann', 'ann', 'bob'),
      channel: fc.constantFrom<Channel>('sms', 'email', 'social'),
      address: fc.constant('somewhere'),
      verifiedAt: fc.constantFrom(null, VERIFIED),
    }),
    { selector: ({ contactPointId }) => contactPointId },
  );
  const known = fc.record({
    contactPoints: points,
    preferences: fc.array(
      fc.record({ topic: fc.constantFrom('alerts', 'service'), channel, enabled: fc.boolean() }),
    ),
    told: fc.option(
      fc.array(fc.constantFrom('sms:a', 'email:a', 'sms:b', 'social:c', 'inbox:', 'email:gone')),
    ),
  });
  const recipients = known.map((over) => aRecipient(over));
  const notifications = fc
    .record({
      topic: fc.constantFrom('alerts', 'service'),
      channels: fc.option(fc.uniqueArray(channel)),
      body: fc.constantFrom<NotificationBody>(firing, recovery, aCodeFor('a'), aCodeFor('b', NOW - 1)),
    })
    .map((over) => aNotification(over));

  function everyPlan(
    promise: (plan: ReturnType<typeof planDelivery>, to: Recipient, what: Notification) => void,
  ): void {
    fc.assert(
      fc.property(notifications, recipients, (what, to) => promise(planDelivery(what, to, NOW), to, what)),
      { numRuns: 2_000 },
    );
  }

  it('every way is decided exactly once, and what is decided to go is what goes', () => {
    everyPlan(({ send, decisions }, to, { body }) => {
      const keys = decisions.map(toldKey);
      expect(new Set(keys).size).toBe(keys.length);
      expect(decisions.length).toBeGreaterThan(0);
      if (body.kind !== 'verificationCode') {
        const ways = [...to.contactPoints.map(toldKey), 'inbox:'];
        expect(keys).toEqual(expect.arrayContaining(ways));
      }
      const sent = decisions.filter(({ decision }) => decision === 'sent');
      expect(send.map((way) => `${toldKey(way)} ${way.reason}`)).toEqual(
        sent.map((way) => `${toldKey(way)} ${way.reason}`),
      );
    });
  });

  it('nothing but its own code goes to an unproven address, and nothing to a stranger', () => {
    everyPlan(({ send }, to, { body }) => {
      for (const { contactPointId } of send) {
        const point = to.contactPoints.find((each) => each.contactPointId === contactPointId);
        if (!point) continue;
        expect(point.customerId).toBe('ann');
        const isItsCode = body.kind === 'verificationCode' && body.facts.contactPointId === contactPointId;
        expect(isItsCode || point.verifiedAt !== null).toBe(true);
      }
    });
  });

  it('nothing but a code goes on a channel that is switched off or was not asked for', () => {
    everyPlan(({ send }, to, { body, topic, channels }) => {
      if (body.kind === 'verificationCode') return;
      for (const way of send) {
        expect(channels?.includes(way.channel) ?? true).toBe(true);
        const wishes = to.preferences.filter((wish) => wish.topic === topic && wish.channel === way.channel);
        expect(wishes.every(({ enabled }) => enabled)).toBe(true);
      }
    });
  });

  it('a recovery reaches nobody who did not hear of the firing', () => {
    everyPlan(({ send }, to, { body }) => {
      if (body.kind !== 'alertRecovered') return;
      for (const way of send) expect(to.told).toContain(toldKey(way));
    });
  });
});

describe('the topics that exist from the start', () => {
  it('let a customer switch everything but the codes, and say why', () => {
    const fixed = DEFAULT_POLICIES.filter(({ isCritical }) => isCritical);
    expect(fixed.map(({ topic }) => topic)).toEqual(['verification']);
    expect(fixed[0]?.criticalReason).not.toBe('');
  });
});

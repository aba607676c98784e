import type { Notification, PreferenceSheet } from '@app/contracts';
import { defaultPolicy, planDelivery, whyWords, type Decision, type Plan, type Recipient } from '.';
import { aCriticalTopic, aNotification, aPoint, aRecipient, FIRING, NOON } from './testing/a-recipient';

const HOUR_MS = 3_600_000;
/** 23:00 in Berlin. */
const LATE = NOON + 11 * HOUR_MS;
/** The next morning at 07:00 there. */
const SEVEN = NOON + 19 * HOUR_MS;
/** Ann is one of those who are told nearly two minutes after their quiet has ended. */
const ANNS_TURN_MS = 116_426;
const NIGHT: PreferenceSheet = {
  quietHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' }],
};

function planned(over: Partial<Recipient>, now = LATE, notification: Partial<Notification> = {}): Plan {
  return planDelivery(aNotification(notification), aRecipient(over), now);
}

function fates({ decisions }: Plan): string[] {
  return decisions.map(({ channel, decision, reason }) => `${channel} ${decision} ${reason}`);
}

function words({ decisions }: Plan, channel: string): string {
  const decision = decisions.find((each) => each.channel === channel) as Decision;
  return whyWords(decision, 'Alerts');
}

describe('quiet hours', () => {
  it('hold what disturbs until they end, and say so in words; the inbox has it at once', () => {
    const plan = planned({ sheet: NIGHT });
    expect(plan.send.map(({ channel, notBefore, deferredBy }) => [channel, notBefore, deferredBy])).toEqual([
      ['sms', SEVEN + ANNS_TURN_MS, 'quietHours'],
      ['email', SEVEN + ANNS_TURN_MS, 'quietHours'],
      ['push', SEVEN + ANNS_TURN_MS, 'quietHours'],
      ['inbox', null, null],
    ]);
    expect(words(plan, 'sms')).toBe('Held until 07:01 (Europe/Berlin): your quiet hours are 22:00 to 07:00.');
  });

  it('are over at the very minute at which they end', () => {
    expect(planned({ sheet: NIGHT }, SEVEN).send.every(({ notBefore }) => notBefore === null)).toBe(true);
  });

  it('and quiet days that touch are one silence', () => {
    const sheet = { ...NIGHT, holidays: ['2026-11-21', '2026-11-22'] };
    const plan = planned({ sheet });
    expect(plan.send[0]?.notBefore).toBe(SEVEN + 48 * HOUR_MS + ANNS_TURN_MS);
    expect(words(plan, 'sms')).toBe(
      'Held until 07:01 on 23 November 2026 (Europe/Berlin): your quiet hours are 22:00 to 07:00.',
    );
  });

  it('name the quiet day where it is one', () => {
    const plan = planned({ sheet: { holidays: ['2026-11-20'] } }, NOON);
    expect(words(plan, 'email')).toBe(
      'Held until 00:01 (Europe/Berlin): 20 November 2026 is one of your quiet days.',
    );
  });

  it('keep what decided with the decision', () => {
    expect(planned({ sheet: NIGHT }).decisions[0]).toMatchObject({
      notBefore: SEVEN + ANNS_TURN_MS,
      detail: {
        ruleIds: ['sheet.quietHours.0', 'topic.alerts.channels'],
        ...{ topic: 'alerts', sheetVersion: 3, timeZone: 'Europe/Berlin' },
        ...{ localTime: '2026-11-20T23:00', notBeforeLocal: '2026-11-21T07:01' },
      },
    });
  });
});

describe('a critical topic', () => {
  const topic = aCriticalTopic();
  const everything: PreferenceSheet = {
    ...NIGHT,
    digests: { alerts: { every: 'hour' } },
    caps: { all: { perHour: 1 } },
    steps: [{ channels: ['email'], waitMs: 60_000, stopOn: 'seen' }],
  };

  it('passes switches, quiet hours, digests, caps and the customer’s order, and says why', () => {
    const preferences = [{ topic: 'alerts', channel: 'sms' as const, enabled: false }];
    const plan = planned({ topic, sheet: everything, preferences });
    expect(fates(plan)).toEqual(
      ['sms', 'email', 'push', 'inbox'].map((channel) => `${channel} sent critical`),
    );
    expect(plan.digest).toEqual([]);
    expect(words(plan, 'sms')).toBe(
      'Sent at once: “Alerts” cannot be switched off and does not wait. It protects your money.',
    );
  });

  it('never uses an address that must not be used, and takes the next best channel instead', () => {
    const bySms = aCriticalTopic({ channels: ['sms'] });
    expect(fates(planned({ topic: bySms }))).toEqual([
      'sms sent critical',
      'email suppressed notByDefault',
      'push suppressed notByDefault',
      'inbox suppressed notByDefault',
    ]);
    expect(fates(planned({ topic: bySms, suppressed: new Map([['sms-1', 'optedOut']]) }))).toEqual([
      'sms suppressed addressSuppressed',
      'email sent nextBest',
      'push sent nextBest',
      'inbox sent nextBest',
    ]);
  });

  it('climbs the admin’s steps', () => {
    const steps = [
      { channels: ['push' as const], waitMs: 60_000, stopOn: 'seen' as const },
      { channels: ['sms' as const], waitMs: 0, stopOn: 'seen' as const },
    ];
    const plan = planned({ topic: aCriticalTopic({ steps }), sheet: NIGHT });
    expect(plan.send.map(({ channel }) => channel)).toEqual(['push', 'inbox']);
    expect(plan.steps).toEqual({ nextStep: 1, dueAt: LATE + 60_000, stopOn: 'seen' });
  });
});

describe('a digest', () => {
  const sheet: PreferenceSheet = { digests: { alerts: { every: 'day', at: '18:00' } } };

  it('gathers each way for itself until its time, and leaves the inbox alone', () => {
    const plan = planned({ sheet }, NOON);
    expect(plan.digest.map(({ key, closesAt }) => [key, closesAt])).toEqual([
      ['alerts|sms|sms-1|digest', NOON + 6 * HOUR_MS],
      ['alerts|email|email-1|digest', NOON + 6 * HOUR_MS],
      ['alerts|push|push-1|digest', NOON + 6 * HOUR_MS],
    ]);
    expect(plan.send.map(({ channel }) => channel)).toEqual(['inbox']);
    expect(words(plan, 'email')).toBe(
      'Kept for your daily digest of “Alerts”, which comes at 18:00 (Europe/Berlin).',
    );
  });

  it('of the topic holds until the customer chooses another', () => {
    const topic = { ...defaultPolicy('alerts'), digest: { every: 'hour' as const } };
    expect(planned({ topic }, NOON).digest).toHaveLength(3);
    expect(planned({ topic, sheet: { digests: { alerts: { every: 'time' } } } }, NOON).digest).toEqual([]);
  });

  it('goes where it was gathered, outside quiet hours, past caps, and into no digest again', () => {
    const facts = {
      digestId: 'd',
      contactPointId: 'email-1',
      items: [],
      count: 2,
      because: 'digest' as const,
    };
    const caps = { all: { perHour: 1 } };
    const used = [{ channel: 'all' as const, span: 'hour' as const, startsAt: NOON, used: 9 }];
    const plan = planned({ sheet: { ...sheet, ...NIGHT, caps }, used }, LATE, {
      body: { kind: 'digest', facts },
    });
    expect(fates(plan)).toEqual(['email deferred quietHours']);
  });
});

describe('caps', () => {
  const sheet: PreferenceSheet = { caps: { sms: { perHour: 2 }, all: { perDay: 7 } } };

  it('put what is over into a digest that comes when there is room again, and count what goes', () => {
    let used: Recipient['used'] = [];
    const seen = [1, 2, 3].map(() => {
      const plan = planned({ sheet, used }, NOON);
      used = [...used, ...plan.capUse];
      return fates(plan).slice(0, 3).join(', ');
    });
    expect(seen).toEqual([
      'sms sent byDefault, email sent byDefault, push sent byDefault',
      'sms sent byDefault, email sent byDefault, push sent byDefault',
      'sms capped cap, email sent byDefault, push capped cap',
    ]);
    const over = planned({ sheet, used }, NOON);
    expect(over.digest.map(({ key, closesAt }) => [key, closesAt])).toEqual([
      ['alerts|sms|sms-1|cap', NOON + 12 * HOUR_MS],
      ['alerts|email|email-1|cap', NOON + 12 * HOUR_MS],
      ['alerts|push|push-1|cap', NOON + 12 * HOUR_MS],
    ]);
    expect(words(over, 'email')).toBe(
      'Over your limit of 7 messages a day: 7 had gone. It comes with what else is over, at 00:00 (Europe/Berlin).',
    );
  });

  it('count a held message when it goes', () => {
    const plan = planned({ sheet: { ...NIGHT, caps: { sms: { perHour: 1 } } } });
    expect(plan.capUse).toEqual([{ channel: 'sms', span: 'hour', startsAt: SEVEN, used: 1 }]);
  });
});

describe('an order of channels', () => {
  const steps: PreferenceSheet['steps'] = [
    { channels: ['push'], waitMs: 600_000, stopOn: 'seen' },
    { channels: ['sms'], waitMs: 0, stopOn: 'delivered' },
  ];

  it('tells the first step and the inbox, keeps the next for later, and leaves out what it does not name', () => {
    const plan = planned({ sheet: { steps } }, NOON);
    expect(fates(plan)).toEqual([
      'sms fallback laterStep',
      'email suppressed notInSteps',
      'push sent byDefault',
      'inbox sent byDefault',
    ]);
    expect(plan.steps).toEqual({ nextStep: 1, dueAt: NOON + 600_000, stopOn: 'seen' });
    expect(words(plan, 'sms')).toBe(
      'Not yet: this comes only if what goes before it is not seen within 10 minutes.',
    );
  });

  it('goes on where it was left, and says nothing again about the steps before', () => {
    const plan = planned({ sheet: { steps }, fromStep: 1 }, NOON);
    expect(fates(plan)).toEqual(['sms sent byDefault']);
    expect(plan.send[0]?.step).toBe(1);
    expect(plan.steps).toBeNull();
  });

  it('goes on at once where the first step reaches nobody', () => {
    const plan = planned({ sheet: { steps }, contactPoints: [aPoint('sms')] }, NOON);
    expect(fates(plan)).toEqual([
      'sms sent byDefault',
      'inbox sent byDefault',
      'push suppressed noUsableContactPoint',
    ]);
    expect(plan.steps).toBeNull();
  });

  it('is no help where no step reaches anybody: then every open way is told', () => {
    const plan = planned({ sheet: { steps }, contactPoints: [aPoint('email')] }, NOON);
    expect(fates(plan).slice(0, 2)).toEqual(['email sent noStepReaches', 'inbox sent byDefault']);
  });

  it('waits from the moment at which a held message goes', () => {
    const plan = planned({ sheet: { ...NIGHT, steps } });
    expect(plan.steps?.dueAt).toBe(SEVEN + 600_000);
  });

  it('may name voice, which otherwise calls nobody', () => {
    const contactPoints = [aPoint('voice')];
    expect(fates(planned({ contactPoints }, NOON))[0]).toBe('voice suppressed notByDefault');
    const calls: PreferenceSheet = { steps: [{ channels: ['voice'], waitMs: 0, stopOn: 'seen' }] };
    expect(fates(planned({ contactPoints, sheet: calls }, NOON))[0]).toBe('voice sent byDefault');
  });
});

describe('what concerns one contact point', () => {
  const steps: PreferenceSheet['steps'] = [{ channels: ['push'], waitMs: 0, stopOn: 'seen' }];

  it('is answered there at once, in the night too, and even if the answer is that nothing more will come', () => {
    const body = { kind: 'answer', facts: { contactPointId: 'sms-1', text: 'Stopped.' } } as const;
    const suppressed = new Map([['sms-1', 'optedOut']]);
    expect(fates(planned({ sheet: { ...NIGHT, steps }, suppressed }, LATE, { body }))).toEqual([
      'sms sent answersThis',
    ]);
  });

  it('is told on all others when it is lost', () => {
    const facts = {
      contactPointId: 'sms-1',
      channel: 'sms',
      addressHint: '+49…78',
      reason: 'deadNumber',
    } as const;
    const plan = planned({ sheet: { steps } }, NOON, { body: { kind: 'contactPointLost', facts } });
    expect(fates(plan)).toEqual([
      'sms suppressed addressSuppressed',
      'email sent anotherWayLost',
      'push sent anotherWayLost',
      'inbox sent anotherWayLost',
    ]);
    expect(words(plan, 'sms')).toBe('Not sent: this number can no longer be reached.');
  });

  it('is not asked for a recovery whose firing it never told', () => {
    const body = { ...FIRING, kind: 'alertRecovered' } as const;
    const plan = planned({ sheet: { steps }, told: ['email:email-1'] }, NOON, { body });
    expect(plan.send.map(({ channel }) => channel)).toEqual(['email']);
  });
});

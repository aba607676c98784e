import type { AlertFacts } from '@app/contracts';
import type { ClaimedDelivery, FormerAttempt } from '@app/persistence';
import { lookAgain } from './second-thoughts';

const facts = { condition: 'falls below 100.00 EUR', openedAt: 1_000 } as AlertFacts;

function claimed(over: Partial<ClaimedDelivery>): ClaimedDelivery {
  const fresh = {
    suppression: null,
    switchedOff: false,
    deferredBy: null,
    resolvedAt: null,
    whenOver: null,
    former: null,
  };
  return {
    ...fresh,
    topic: 'alerts',
    channel: 'sms',
    isCritical: false,
    body: { kind: 'alertFired', facts },
    ...over,
  } as ClaimedDelivery;
}

describe('a delivery that is claimed', () => {
  it('goes as it is where nothing speaks against it', () => {
    const delivery = claimed({});
    expect(lookAgain(delivery)).toEqual({ kind: 'goes', delivery });
  });

  it.each(['quietHours', 'laterStep'])(
    'says when its alert ended if it was held (%s) until after the end',
    (deferredBy) => {
      const thought = lookAgain(claimed({ deferredBy, resolvedAt: 9_000 }));
      expect(thought).toMatchObject({
        kind: 'reworded',
        delivery: { body: { facts: { endedAt: 9_000 } } },
        decided: { decision: 'reworded', reason: 'toldWithItsEnd' },
      });
    },
  );

  it('is withdrawn if the customer would rather not hear of what is over', () => {
    const thought = lookAgain(claimed({ deferredBy: 'quietHours', resolvedAt: 9_000, whenOver: 'withdraw' }));
    expect(thought).toMatchObject({
      ...{ kind: 'withdrawn', reason: 'overMeanwhile' },
      decided: { decision: 'withdrawn', reason: 'overMeanwhile', detail: { ruleIds: ['sheet.whenOver'] } },
    });
  });

  it('is repeated in its own words where an earlier attempt may have left', () => {
    const former = { outcome: 'ambiguous' } as FormerAttempt;
    const delivery = claimed({ deferredBy: 'quietHours', resolvedAt: 9_000, former });
    expect(lookAgain(delivery)).toEqual({ kind: 'goes', delivery });
  });

  it('is withdrawn where its topic has been switched off, unless nothing may switch it off', () => {
    expect(lookAgain(claimed({ switchedOff: true }))).toMatchObject({
      ...{ kind: 'withdrawn', reason: 'switchedOff' },
      decided: { decision: 'withdrawn', reason: 'switchedOff', detail: { ruleIds: ['switch.alerts.sms'] } },
    });
    expect(lookAgain(claimed({ switchedOff: true, isCritical: true })).kind).toBe('goes');
  });

  it('is withdrawn where its address must not be written to, with the reason', () => {
    expect(lookAgain(claimed({ suppression: 'bounced', isCritical: true }))).toMatchObject({
      ...{ kind: 'withdrawn', reason: 'suppressed:bounced' },
      decided: { reason: 'addressSuppressed', detail: { suppression: 'bounced' } },
    });
  });
});

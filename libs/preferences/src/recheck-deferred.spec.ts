import type { AlertFacts, NotificationBody } from '@app/contracts';
import { recheckDeferred } from './recheck-deferred';

const facts = { alertId: 'a1', condition: 'falls below 100.00 EUR', openedAt: 1_000 } as AlertFacts;
const fired: NotificationBody = { kind: 'alertFired', facts };

describe('a message that was held back', () => {
  it('goes as it is while what it says still holds', () => {
    expect(recheckDeferred(fired, { resolvedAt: null }, 'withdraw')).toEqual({ kind: 'asItIs' });
  });

  it.each(['alertFired', 'alertLevel', 'alertRepeated'] as const)(
    'says when it ended if it is over: %s',
    (kind) => {
      const rechecked = recheckDeferred({ kind, facts }, { resolvedAt: 5_000 }, 'reword');
      expect(rechecked).toEqual({ kind: 'reworded', body: { kind, facts: { ...facts, endedAt: 5_000 } } });
    },
  );

  it('is reworded where the customer chose nothing', () => {
    expect(recheckDeferred(fired, { resolvedAt: 5_000 }, null).kind).toBe('reworded');
  });

  it('is withdrawn with its reason if the customer would rather not hear of what is over', () => {
    expect(recheckDeferred(fired, { resolvedAt: 5_000 }, 'withdraw')).toEqual({
      kind: 'withdrawn',
      reason: 'overMeanwhile',
    });
  });

  it.each(['alertRecovered', 'alertSettled', 'alertUnstable'] as const)(
    'stays as it is where it speaks of the end itself: %s',
    (kind) => {
      expect(recheckDeferred({ kind, facts }, { resolvedAt: 5_000 }, 'withdraw').kind).toBe('asItIs');
    },
  );
});

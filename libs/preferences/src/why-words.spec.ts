import { CHANNELS, SUPPRESSION_REASONS } from '@app/contracts';
import { SENT_REASONS, SUPPRESSED_REASONS, whyWords, type DecisionDetail, type KeptDecision } from '.';

const DETAIL: DecisionDetail = {
  ...{ ruleIds: [], topic: 'alerts', sheetVersion: 1, timeZone: 'Asia/Tokyo', localTime: '2026-11-20T22:14' },
};

function words(
  reason: string,
  detail: Partial<DecisionDetail> | null = {},
  over: Partial<KeptDecision> = {},
): string {
  const kept = {
    channel: 'sms',
    decision: 'sent',
    reason,
    detail: detail && { ...DETAIL, ...detail },
  } as const;
  return whyWords({ ...kept, ...over }, 'Alerts');
}

describe('why, in words', () => {
  it.each([
    ...['quietHours', 'holiday', 'digest', 'cap', 'laterStep', 'publicPost', 'serviceAlertCancelled'],
    ...['overMeanwhile', 'toldWithItsEnd', 'accepted', 'delivered', 'seen'],
    ...SENT_REASONS,
    ...SUPPRESSED_REASONS,
  ])(
    'are a sentence for %s on every channel, even where nothing was kept of what was looked at',
    (reason) => {
      for (const channel of [...CHANNELS, null]) {
        for (const detail of [{}, null]) {
          const said = words(reason, detail, { channel });
          expect(said).toMatch(/^[A-Z].*\.$/);
          expect(said).not.toMatch(/undefined|NaN|null|Decided|  | \./);
        }
      }
    },
  );

  it.each([...SUPPRESSION_REASONS])(
    'say of an address that is suppressed as %s what happened',
    (suppression) => {
      expect(words('addressSuppressed', { suppression })).not.toContain(suppression);
    },
  );

  it('name the weekly digest, the hourly one, and the day where it is not the same night', () => {
    const weekly = {
      digest: { every: 'week', day: 1, at: '09:00' },
      notBeforeLocal: '2026-11-23T09:00',
    } as const;
    expect(words('digest', weekly)).toBe(
      'Kept for your weekly digest of “Alerts”, which comes at 09:00 on 23 November 2026 (Asia/Tokyo).',
    );
    expect(words('digest', { digest: { every: 'hour' }, notBeforeLocal: '2026-11-20T23:00' })).toBe(
      'Kept for your hourly digest of “Alerts”, which comes at 23:00 (Asia/Tokyo).',
    );
  });

  it('count what a cap let through', () => {
    const cap = { channel: 'sms', span: 'day', limit: 20, used: 20, resetsAt: 0 } as const;
    expect(words('cap', { cap, notBeforeLocal: '2026-11-21T00:00' })).toBe(
      'Over your limit of 20 text messages a day: 20 had gone. It comes with what else is over, at 00:00 (Asia/Tokyo).',
    );
  });

  it('still say what was decided by a reason that they do not know', () => {
    expect(words('byMagic')).toBe('Decided: sent (byMagic).');
  });
});

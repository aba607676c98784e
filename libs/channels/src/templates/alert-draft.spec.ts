import type { AlertFacts } from '@app/contracts';
import {
  draftFired,
  draftLevel,
  draftRecovered,
  draftRepeated,
  draftSettled,
  draftUnstable,
} from './alert-draft';

const ada = { name: 'Ada', timeZone: 'Europe/Berlin', language: 'en' };
const FIRED_AT = Date.UTC(2025, 4, 3, 10, 5);

function facts(more: Partial<AlertFacts> = {}): AlertFacts {
  return {
    ...{
      alertId: 'a1',
      ruleId: 'r1',
      ruleTitle: '',
      condition: 'is below 100.00 EUR',
      metric: 'account.balance',
    },
    ...{ metricTitle: 'balance', unit: 'EUR', scale: 2, subject: 'account:42', owned: true, value: 9_210 },
    ...{ at: FIRED_AT + 7_200_000, openedAt: FIRED_AT },
    ...more,
  };
}

describe('what a customer reads of an alert that goes on', () => {
  it('says since when, and where it stood then', () => {
    const { subject, paragraphs } = draftRepeated(facts({ isStill: true }), ada);
    expect(subject).toBe('Still: balance of account 42 is 92.10 EUR');
    expect(paragraphs[0]).toBe(
      'It is still so: your balance on account 42 is below 100.00 EUR. It began Saturday 3 May 2025, 12:05 (Europe/Berlin) at 92.10 EUR.',
    );
  });

  it('names the new severity first', () => {
    const { subject, tone, paragraphs } = draftLevel(facts({ severity: 'critical' }), ada);
    expect(subject).toMatch(/^Critical: /);
    expect(tone).toBe('critical');
    expect(paragraphs[0]).toMatch(/^Now critical: your balance on account 42 is now 92\.10 EUR/);
  });

  it('says how many were held back before, also in a text message', () => {
    const { paragraphs, short } = draftFired(facts({ suppressed: 2 }), ada);
    expect(paragraphs.at(-1)).toBe('2 more alerts of this kind were held back before.');
    expect(short[0]).toContain('2 more alerts of this kind were held back before.');
    expect(short.at(-1)).not.toContain('held back');
  });

  it('calls to and fro what it is, and says at the end where it stands', () => {
    expect(draftUnstable(facts({ changes: 11 }), ada).paragraphs[0]).toBe(
      'Your balance on account 42 goes to and fro: 11 changes. We tell you once an hour until it settles.',
    );
    expect(draftSettled(facts({ isFiring: false }), ada).paragraphs[0]).toBe(
      'Your balance on account 42 has settled, and your alert is over.',
    );
  });
});

describe('what a customer reads of silence', () => {
  it('claims no value, neither when it begins nor in the subject', () => {
    const { subject, paragraphs } = draftFired(facts({ openedBy: 'noData' }), ada);
    expect(subject).toBe('No news of balance of account 42');
    expect(paragraphs[0]).toBe(
      'There is no news of your balance on account 42. You asked to hear of that too.',
    );
  });

  it('says when news is back', () => {
    expect(draftRecovered(facts({ endedBy: 'dataReturned' }), ada).paragraphs[0]).toBe(
      'It is over: there is news of your balance on account 42 again. It lasted 2 hours.',
    );
  });
});

describe('what a customer reads of an alert that was held back until it was over', () => {
  const over = facts({ endedAt: FIRED_AT + 5_400_000 });

  it('says from when to when it held, and never that it is so now', () => {
    const { subject, tone, paragraphs, short } = draftFired(over, ada);
    expect(subject).toBe('Came and went: your balance on account 42');
    expect(tone).toBe('over');
    expect(paragraphs[0]).toBe(
      'It came and went: your balance on account 42 was 92.10 EUR. You asked to hear when it is below 100.00 EUR.',
    );
    expect(paragraphs[1]).toBe(
      'It held from Saturday 3 May 2025, 12:05 (Europe/Berlin) to Saturday 3 May 2025, 13:35 (Europe/Berlin).',
    );
    expect(short.join(' ')).not.toContain(' is now ');
  });

  it('says the same where it was told as another level, or as a repetition', () => {
    expect(draftLevel(over, ada)).toEqual(draftFired(over, ada));
    expect(draftRepeated(over, ada)).toEqual(draftFired(over, ada));
  });

  it('claims no value where there was none', () => {
    expect(draftFired({ ...over, openedBy: 'noData' }, ada).paragraphs[0]).toBe(
      'It came and went: there was no news of your balance on account 42.',
    );
  });
});

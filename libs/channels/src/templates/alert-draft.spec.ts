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
  it('says since when and where it stood then, and claims nothing of now that the beginning cannot tell', () => {
    const { subject, paragraphs, short } = draftRepeated(facts({ isStill: true }), ada);
    expect(subject).toBe('Still: balance of account 42');
    expect(paragraphs[0]).toBe(
      'Your alert still holds. It began Saturday 3 May 2025, 12:05 (Europe/Berlin), when your balance on account 42 was 92.10 EUR. You asked to hear when it is below 100.00 EUR.',
    );
    expect(paragraphs[1]).toBe('As of Saturday 3 May 2025, 14:05 (Europe/Berlin).');
    expect(short.map((text) => text.split('(Europe/Berlin)').length)).toEqual([2, 2, 2]);
  });

  it('does not say of the value at the beginning that it met the level which holds now', () => {
    const worse = facts({ condition: 'is below 20.00 EUR', severity: 'critical', isStill: true });
    for (const body of [worse, { ...worse, endedAt: FIRED_AT + 5_400_000 }]) {
      const { paragraphs, short } = draftRepeated(body, ada);
      expect([...paragraphs, ...short].join(' ')).toContain(
        'was 92.10 EUR. You asked to hear when it is below',
      );
      expect([...paragraphs, ...short].join(' ')).not.toContain('which is below');
    }
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

  it('speaks of the metric, whatever number the rule makes of it', () => {
    const counted = facts({ openedBy: 'noData', measure: 'number of balance values within 1 hour' });
    expect(draftFired(counted, ada).subject).toBe('No news of balance of account 42');
    expect(draftRecovered({ ...counted, endedBy: 'dataReturned' }, ada).subject).toBe(
      'Over: there is news of your balance on account 42 again',
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
      'It came and went: your balance on account 42 was 92.10 EUR, which is below 100.00 EUR.',
    );
    expect(paragraphs[1]).toBe('It held from Saturday 3 May 2025, 12:05 to 13:35 (Europe/Berlin).');
    expect(short.join(' ')).not.toContain(' is now ');
  });

  it('says the same where it was told as another level, or as a repetition', () => {
    expect(draftLevel(over, ada)).toEqual(draftFired(over, ada));
    expect(draftRepeated(over, ada)).toEqual(draftFired(over, ada));
  });

  it('names the day of its end where that is another', () => {
    const overnight = facts({ endedAt: FIRED_AT + 14 * 3_600_000 });
    expect(draftFired(overnight, ada).short.at(-1)).toContain(
      'It held from 3 May, 12:05 to 4 May, 02:05 (Europe/Berlin).',
    );
  });

  it('does not call passing what had run out', () => {
    const { paragraphs } = draftFired({ ...over, openedBy: 'expiry' }, ada);
    expect(paragraphs[0]).toMatch(/^Your balance on account 42 was never below 100\.00 EUR/);
  });

  it('claims no value where there was none', () => {
    expect(draftFired({ ...over, openedBy: 'noData' }, ada).paragraphs[0]).toBe(
      'It came and went: there was no news of your balance on account 42.',
    );
  });
});

describe('what a customer reads of each form of condition', () => {
  const news = (more: Partial<AlertFacts>): string | undefined => draftFired(facts(more), ada).paragraphs[0];

  it('is what happened, where the condition is that something happens', () => {
    expect(news({ condition: 'falls below 100.00 EUR' })).toBe(
      'Your balance on account 42 fell below 100.00 EUR. It is now 92.10 EUR.',
    );
    expect(news({ condition: 'rises above 100.00 EUR', value: 10_001 })).toBe(
      'Your balance on account 42 rose above 100.00 EUR. It is now 100.01 EUR.',
    );
  });

  it('is the whole question, where there are several', () => {
    const several = {
      condition: 'meets “the balance is below 100.00 EUR and the delay is above 5 min”',
    };
    expect(news(several)).toBe(
      'Your balance on account 42 is now 92.10 EUR. You asked to hear when the balance is below 100.00 EUR and the delay is above 5 min.',
    );
    expect(draftRecovered(facts(several), ada).paragraphs[2]).toContain(
      'You asked to hear when the balance is below',
    );
  });

  it('names subject and span of time in the order in which one says them', () => {
    const counted = { scale: 0, unit: '', value: 3, condition: 'is above 2' };
    const measure = 'number of payment values above 100.00 EUR within 1 day';
    const card = { ...counted, measure, span: 'within 1 day', subject: 'card:7' };
    expect(news(card)).toBe(
      'The number of payment values above 100.00 EUR on your card 7 within 1 day is now 3, which is above 2.',
    );
    expect(draftFired(facts(card), ada).subject).toBe(
      'Number of payment values above 100.00 EUR of card 7 within 1 day is 3',
    );
    // As facts of before were kept, without the span apart.
    expect(news({ ...card, span: undefined })).toContain('within 1 day on your card 7 is now 3');
  });

  it.each([
    ['is below 100.00 EUR', 'was never below 100.00 EUR before the time of your alert was up.'],
    ['rises above 100.00 EUR', 'never rose above 100.00 EUR before the time of your alert was up.'],
    ['meets “a”', 'You asked to hear when a.'],
  ])('says of “%s” that it never came to it', (condition, words) => {
    const { subject, paragraphs } = draftFired(facts({ condition, openedBy: 'expiry' }), ada);
    expect(paragraphs[0]).toContain(words);
    expect(subject).toBe('Time is up: balance of account 42');
  });
});

import type { AlertFacts, NotificationBody } from '@app/contracts';
import { renderMessage } from './render-message';

const ada = { name: 'Ada', timeZone: 'Europe/Berlin', language: 'en' };

function facts(over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    alertId: 'a1',
    ruleId: 'r1',
    ruleTitle: '',
    condition: 'falls below 100.00 EUR',
    metric: 'account.balance',
    metricTitle: 'balance',
    unit: 'EUR',
    scale: 2,
    subject: 'account:42',
    owned: true,
    value: 9210,
    at: Date.UTC(2025, 4, 3, 12, 5),
    openedAt: Date.UTC(2025, 4, 3, 12, 5),
    ...over,
  };
}
const fired = (over: Partial<AlertFacts> = {}): NotificationBody => ({
  kind: 'alertFired',
  facts: facts(over),
});
const recovered = (over: Partial<AlertFacts> = {}): NotificationBody => ({
  kind: 'alertRecovered',
  facts: facts({ value: 12000, openedAt: Date.UTC(2025, 4, 3, 10, 0), ...over }),
});

describe('what a customer reads when an alert fires', () => {
  it('says in one text what is measured, where it stands, what was asked, and when on the reader’s own clock', () => {
    expect(renderMessage(fired(), 'sms', ada).text).toBe(
      'Your balance on account 42 is now 92.10 EUR, which falls below 100.00 EUR. Saturday 3 May 2025, 14:05 (Europe/Berlin)',
    );
  });

  it('speaks of what everybody may watch without calling it yours', () => {
    const delay = fired({
      metricTitle: 'delay',
      unit: 'min',
      scale: 0,
      value: 1052,
      subject: 'flight:UA123',
      owned: undefined,
      condition: 'is above 45 min',
    });
    expect(renderMessage(delay, 'inbox', ada).text).toContain(
      'The delay of flight UA123 is now 1,052 min, which is above 45 min.',
    );
  });

  it('leads with the customer’s own name for the rule where there is room', () => {
    expect(renderMessage(fired({ ruleTitle: 'Low balance' }), 'sms', ada).text).toMatch(
      /^Low balance: your balance on account 42 is now/,
    );
    const crowded = renderMessage(fired({ ruleTitle: 'x'.repeat(60) }), 'sms', ada).text;
    expect(crowded).toMatch(/^Your balance/);
    expect(crowded.length).toBeLessThanOrEqual(160);
  });

  it.each([
    ['America/New_York', 'Saturday 3 May 2025, 08:05 (America/New_York)'],
    ['Pacific/Auckland', 'Sunday 4 May 2025, 00:05 (Pacific/Auckland)'],
    ['Not/AZone', 'Saturday 3 May 2025, 12:05 (UTC)'],
  ])('shows the time in %s', (timeZone, time) => {
    expect(renderMessage(fired(), 'inbox', { ...ada, timeZone }).text).toContain(time);
  });

  it('groups thousands and keeps every decimal, below zero too', () => {
    expect(renderMessage(fired({ value: -123456789 }), 'inbox', ada).text).toContain(
      'is now -1,234,567.89 EUR',
    );
    expect(renderMessage(fired({ value: -99999, scale: 2 }), 'inbox', ada).text).toContain(
      'is now -999.99 EUR',
    );
    expect(renderMessage(fired({ value: 5, scale: 9, unit: '' }), 'inbox', ada).text).toContain(
      'is now 0.000000005,',
    );
  });

  it('sends mail with a greeting, the reason for it, and a way to change it, as text and as HTML', () => {
    const mail = renderMessage(fired({ ruleTitle: 'Low balance' }), 'email', ada, {
      unsubscribeUrl: 'https://t.example/p?a=1&b=2',
    });
    expect(mail.subject).toBe('Low balance: balance of account 42 is 92.10 EUR');
    expect(mail.text).toMatch(/^Hello Ada,\n\nYour balance on account 42/);
    expect(mail.text).toContain('because of your alert “Low balance”');
    expect(mail.text).toContain('https://t.example/p?a=1&b=2');
    expect(mail.html).toContain('href="https://t.example/p?a=1&amp;b=2"');
    expect(mail.html).toContain('Your balance on account 42 is now 92.10 EUR');
  });

  it('links only to web addresses', () => {
    const mail = renderMessage(fired(), 'email', ada, { unsubscribeUrl: 'javascript:alert(1)' });
    expect(mail.html + mail.text).not.toContain('javascript');
  });
});

describe('what a customer reads when it is over', () => {
  it('says how long it lasted', () => {
    const text = renderMessage(recovered(), 'inbox', ada).text;
    expect(text).toContain(
      'It is over: your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes.',
    );
    expect(text).toContain('You asked to hear when it falls below 100.00 EUR.');
  });

  it('names the rule that is over, in a text message and in a subject', () => {
    const over = recovered({ ruleTitle: 'Low balance' });
    expect(renderMessage(over, 'sms', ada).text).toBe(
      'Over: Low balance. Your balance on account 42 is now 120.00 EUR. It lasted 2 hours 5 minutes. Saturday 3 May 2025, 14:05 (Europe/Berlin)',
    );
    expect(renderMessage(over, 'email', ada).subject).toBe(
      'Over: Low balance, balance of account 42 is 120.00 EUR',
    );
  });

  it.each([
    [20_000, 'less than a minute'],
    [60_000, '1 minute.'],
    [26 * 3_600_000 + 61_000, '1 day 2 hours.'],
    [2 * 86_400_000, '2 days.'],
  ])('puts %i ms into words', (ms, words) => {
    const at = facts().at;
    expect(renderMessage(recovered({ at, openedAt: at - ms }), 'sms', ada).text).toContain(words);
  });
});

describe('what a customer reads of a service alert', () => {
  const alert = (text: string, severity: 'info' | 'critical' = 'critical'): NotificationBody => ({
    kind: 'serviceAlert',
    facts: { serviceAlertId: 's1', title: 'Flights from Newark are delayed', text, severity },
  });

  it('keeps the admin’s own words and paragraphs', () => {
    const mail = renderMessage(alert('Snow.\n\nWe will say more at noon.'), 'email', ada);
    expect(mail.subject).toBe('Important: Flights from Newark are delayed');
    expect(mail.text).toContain('Snow.\n\nWe will say more at noon.');
  });

  it('fits a post on X however long it is', () => {
    const { text } = renderMessage(alert('Please come later. '.repeat(60), 'info'), 'social', ada);
    expect(text).toMatch(/^Flights from Newark are delayed\. Please/);
    expect(text.endsWith('...')).toBe(true);
  });
});

describe('what a customer reads with a code', () => {
  it('names the code, until when it works, and no link at all', () => {
    const code: NotificationBody = {
      kind: 'verificationCode',
      facts: { contactPointId: 'c', code: '123456', expiresAt: Date.UTC(2025, 4, 3, 12, 5) },
    };
    expect(renderMessage(code, 'sms', ada).text).toContain(
      'Your confirmation code is 123456. It works until 14:05 (Europe/Berlin).',
    );
    const mail = renderMessage(code, 'email', ada, { unsubscribeUrl: 'https://t.example/' });
    expect(mail.html + mail.text).not.toContain('https://');
  });
});

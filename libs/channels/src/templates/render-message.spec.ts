import type { AlertFacts, NotificationBody } from '@app/contracts';
import { renderMessage } from './render-message';

const ada = { name: 'Ada', timeZone: 'Europe/Berlin', language: 'en' };

function facts(over: Partial<AlertFacts> = {}): AlertFacts {
  return {
    alertId: 'a1',
    ruleId: 'r1',
    ruleTitle: '',
    condition: 'is below 100.00 EUR',
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
      'Your balance on account 42 is now 92.10 EUR, which is below 100.00 EUR. Saturday 3 May 2025, 14:05 (Europe/Berlin)',
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
    expect(text).toContain('You asked to hear when it is below 100.00 EUR.');
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

  it('is told under its title where a channel shows no subject', () => {
    expect(renderMessage(alert('Snow.\nMore at noon.'), 'chat', ada).text).toBe(
      'Important: Flights from Newark are delayed\nSnow.\nMore at noon.',
    );
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

  it('is a link that can be pressed, where there is one to prove the address by', () => {
    const write = (link: string) =>
      renderMessage(
        { kind: 'verificationCode', facts: { contactPointId: 'c', code: '123456', expiresAt: 0, link } },
        'email',
        ada,
      );
    const { text, html } = write('https://t.example/v/a?b=1&c=2');
    expect(text).toContain('open this page and press its button: https://t.example/v/a?b=1&c=2');
    expect(html).toContain(
      'href="https://t.example/v/a?b=1&amp;c=2">https://t.example/v/a?b=1&amp;c=2</a></p>',
    );
    expect(write('javascript:alert(1)').html).not.toContain('href=');
  });
});

describe('what a customer reads of several things at once', () => {
  const digest = (count: number, because: 'digest' | 'cap'): NotificationBody => {
    const items = [10, 12].slice(0, count).map((hour) => ({
      ...{ notificationId: 'n', body: fired(), causedAt: Date.UTC(2025, 4, 3, hour, 5) },
    }));
    return { kind: 'digest', facts: { digestId: 'd', contactPointId: null, items, count, because } };
  };

  it('is when each of them was, on a clock that is named', () => {
    expect(renderMessage(digest(3, 'digest'), 'chat', ada).text.split('\n')).toEqual([
      '3 alerts for you',
      '3 May, 12:05 – Balance of account 42 is 92.10 EUR',
      '3 May, 14:05 – Balance of account 42 is 92.10 EUR',
      'And 1 more.',
      'All times are those of Europe/Berlin.',
    ]);
    expect(renderMessage(digest(3, 'digest'), 'sms', ada).text).toBe(
      '3 alerts. The last: Balance of account 42 is 92.10 EUR. 3 May, 14:05 (Europe/Berlin)',
    );
  });

  it('names the zone in which it really tells the times', () => {
    const text = renderMessage(digest(3, 'cap'), 'inbox', { ...ada, timeZone: 'Not/AZone' }).text;
    expect(text).toContain('All times are those of UTC.');
  });

  it('is that one thing, where there was one alone', () => {
    const one = renderMessage(digest(1, 'cap'), 'inbox', ada);
    expect(one.subject).toBe('Balance of account 42 is 92.10 EUR');
    expect(one.text).toBe('Balance of account 42 is 92.10 EUR\nSaturday 3 May 2025, 12:05 (Europe/Berlin)');
  });
});

describe('what a customer reads of an address that was lost', () => {
  const lost = (reason: string): string =>
    renderMessage(
      {
        kind: 'contactPointLost',
        facts: { contactPointId: 'c', channel: 'email', addressHint: 'a…@b.example', reason },
      },
      'sms',
      ada,
    ).text;

  it.each([
    ['optedOut', 'you can take it back in your account.'],
    ['bounced', 'If that is wrong, ask us in your account to look at it.'],
    ['gone', 'If it is still yours, confirm it again in your account.'],
    ['silent', 'please confirm that it is still yours. You can do that in your account.'],
    ['aReasonToCome', ': it can no longer be used. If it is still yours, confirm it again in your account.'],
  ])('is the way back after %s', (reason, words) => {
    expect(lost(reason)).toContain(words);
  });
});

describe('what costs a text message', () => {
  it('is not the sign of a unit, which no alphabet of text messages has', () => {
    const warm = (unit: string) => fired({ unit, condition: `is above 30.00 ${unit}` });
    expect(renderMessage(warm('°C'), 'sms', ada).text).toContain('is now 92.10 C, which is above 30.00 C.');
    expect(renderMessage(warm('µg/m³'), 'sms', ada).text).toContain('is now 92.10 ug/m3,');
    expect(renderMessage(warm('°C'), 'inbox', ada).text).toContain('is now 92.10 °C,');
  });

  it('is not a zone said twice', () => {
    const sum = {
      measure: 'sum of the payment since the first of the month in Europe/Berlin',
      span: 'since the first of the month in Europe/Berlin',
    };
    const month = fired({ ...sum, value: 123_456_789, condition: 'is above 1,000,000.00 EUR' });
    const { text } = renderMessage(month, 'sms', ada);
    expect(text.length).toBeLessThanOrEqual(160);
    expect(text).toContain('since the first of the month is now 1,234,567.89 EUR');
    expect(renderMessage(month, 'inbox', ada).text).toContain('of the month in Europe/Berlin is now');
  });
});

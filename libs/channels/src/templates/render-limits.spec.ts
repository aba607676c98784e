import fc from 'fast-check';
import type { NotificationBody } from '@app/contracts';
import { MAX_POST_WEIGHT, postWeight } from './post-length';
import { renderMessage } from './render-message';
import { MAX_SEGMENTS, smsSegments } from './sms-length';

/** What people and systems may write: markup, emoji, halves of characters, line breaks, right-to-left marks, links. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 700 }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=a>',
        '&lt;',
        '👨‍👩‍👧‍👦',
        '🇩🇪',
        'é',
        '\ud83d',
        '\u202e',
        '\r\nBcc: a@b.c',
        'https://example.com/a?b',
        'example.com',
        ' word ',
        '\u0301'.repeat(30),
      ),
      { maxLength: 200 },
    )
    .map((parts) => parts.join('')),
);
const scaled = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
const anyFacts = fc.record({
  alertId: fc.uuid(),
  ruleId: fc.uuid(),
  ruleTitle: anyText,
  condition: anyText,
  metric: fc.constant('m'),
  metricTitle: anyText,
  unit: fc.constantFrom('', 'EUR', 'min', '<b>'),
  scale: fc.integer({ min: 0, max: 9 }),
  subject: anyText,
  owned: fc.boolean(),
  value: scaled,
  at: instant,
  openedAt: instant,
});
const anyBody: fc.Arbitrary<NotificationBody> = fc.oneof(
  anyFacts.map((facts) => ({ kind: 'alertFired' as const, facts })),
  anyFacts.map((facts) => ({ kind: 'alertRecovered' as const, facts })),
  fc
    .record({
      serviceAlertId: fc.uuid(),
      title: anyText,
      text: anyText,
      severity: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
    })
    .map((facts) => ({ kind: 'serviceAlert' as const, facts })),
  fc
    .record({ contactPointId: fc.uuid(), code: anyText, expiresAt: instant })
    .map((facts) => ({ kind: 'verificationCode' as const, facts })),
);
const recipient = fc.record({
  name: anyText,
  timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'nowhere'),
  language: fc.constant('en'),
});
const always = (
  property: fc.IPropertyWithHooks<[NotificationBody, { name: string; timeZone: string; language: string }]>,
) => fc.assert(property, { numRuns: 300 });

describe('limits that no text can break', () => {
  it('a text message never takes more than three segments, and is never empty', () => {
    always(
      fc.property(anyBody, recipient, (body, who) => {
        const { text } = renderMessage(body, 'sms', who);
        expect(smsSegments(text)).toBeLessThanOrEqual(MAX_SEGMENTS);
        expect(text).not.toBe('');
      }),
    );
  });

  it('a post never weighs more than 280', () => {
    always(
      fc.property(anyBody, recipient, (body, who) => {
        const { text } = renderMessage(body, 'social', who);
        expect(postWeight(text)).toBeLessThanOrEqual(MAX_POST_WEIGHT);
        expect(text).not.toBe('');
      }),
    );
  });

  it('a subject is one line of at most 150 letters', () => {
    always(
      fc.property(anyBody, recipient, (body, who) => {
        const { subject } = renderMessage(body, 'email', who);
        expect(subject.length).toBeLessThanOrEqual(150);
        expect(subject).not.toMatch(/[\r\n\p{Cc}]/u);
      }),
    );
  });

  it('nothing that anybody wrote becomes markup, and no half of a character goes out', () => {
    always(
      fc.property(anyBody, recipient, (body, who) => {
        const { html, text } = renderMessage(body, 'email', who, {
          unsubscribeUrl: 'https://t.example/"><script>',
        });
        const tags = new Set((html.match(/<[^>]*>/g) ?? []).map((tag) => /^<[/!]?(\w+)/.exec(tag)?.[1]));
        const ours = [
          'doctype',
          'html',
          'head',
          'meta',
          'title',
          'style',
          'body',
          'table',
          'tr',
          'td',
          'p',
          'a',
          'br',
        ];
        expect([...tags].filter((tag) => !ours.includes(tag ?? 'not a tag'))).toEqual([]);
        expect(html).not.toMatch(/onerror=[^&]*"/);
        expect(/\p{Surrogate}/u.test(html + text)).toBe(false);
      }),
    );
  });
});

describe('lengths as the carriers count them', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
    ['a'.repeat(459), 3],
  ])('counts segments of %.10s…', (text, count) => {
    expect(smsSegments(text)).toBe(count);
  });

  it.each([
    ['hello', 5],
    ['日本', 4],
    ['👨‍👩‍👧‍👦', 2],
    ['see https://example.com/a/very/long/path/that/goes/on', 4 + 23],
    ['x.example.com', 23],
  ])('weighs %s', (text, weight) => {
    expect(postWeight(text)).toBe(weight);
  });
});

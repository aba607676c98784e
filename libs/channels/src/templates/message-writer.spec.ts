import type { Channel, NotificationKind } from '@app/contracts';
import { MessageWriter, type MessageOrder } from './message-writer';
import { sampleBodies, SAMPLE_LINKS, SAMPLE_RECIPIENT } from './sample-bodies';
import type { Template, TemplateFault } from './template';
import { TemplateSet } from './template-set';

const aTemplate = (over: Partial<Template> = {}): Template => ({
  kind: 'alertFired',
  channel: 'email',
  language: 'en',
  subject: '',
  text: 'Dear {{ name }}, {{ measure }} is {{ value }}.',
  html: '',
  ...over,
});

function order(
  over: Partial<MessageOrder> & { language?: string; kind?: NotificationKind } = {},
): MessageOrder {
  const { language = 'en', kind = 'alertFired', ...rest } = over;
  return {
    body: sampleBodies(kind)[0] as MessageOrder['body'],
    channel: 'email',
    recipient: { ...SAMPLE_RECIPIENT, language },
    topic: 'alerts',
    links: SAMPLE_LINKS,
    ...rest,
  };
}

function writerWith(templates: Template[], faults: TemplateFault[] = []): MessageWriter {
  const wording = {
    templates: new TemplateSet(templates),
    signedBy: new Map([['alerts', 'Your card team']]),
  };
  return new MessageWriter(
    () => wording,
    (fault) => faults.push(fault),
  );
}

describe('a message', () => {
  it('is in the built-in words, personal and signed by the topic’s team, where there is no template', () => {
    const { text, html, language } = writerWith([]).write(order());
    expect(text).toMatch(/^Hello Ada O'Hara,\n\nYour balance on account 42 is now 92.10 EUR/);
    expect(text).toContain('\n\nYour card team\n\n--\n');
    expect(text).toContain(`Change what we tell you: ${SAMPLE_LINKS.preferences}`);
    expect(html).toContain('Your card team');
    expect(language).toBe('en');
  });

  it('is signed on the phone and in a chat too, as a text where that costs no further segment', () => {
    const write = (over: Parameters<typeof order>[0]) => writerWith([]).write(order(over)).text;
    expect(write({ kind: 'alertRecovered', channel: 'chat' })).toMatch(/\nYour card team$/);
    const answer = (text: string): MessageOrder['body'] => ({
      kind: 'answer',
      facts: { contactPointId: 'c', text },
    });
    const short = 'Rent money is quiet until noon.';
    for (const channel of ['sms', 'voice'] as const)
      expect(write({ channel, body: answer(short) })).toBe(`${short} - Your card team`);
    const full = `${'a '.repeat(75)}end`;
    expect(write({ channel: 'sms', body: answer(full) })).toBe(full);
  });

  it('with a code says whose it is, and to nobody by name: the reader has not proven to be the customer', () => {
    const { text, html } = writerWith([]).write(order({ kind: 'verificationCode' }));
    expect(text).toMatch(/^Hello,\n/);
    expect(text).toContain('Your card team');
    expect(text + html).not.toContain('Ada');
    const named = aTemplate({ kind: 'verificationCode', text: 'Dear {{ name }}: {{ code }}' });
    expect(writerWith([named]).write(order({ kind: 'verificationCode' })).text).toMatch(/^Dear : 482915/);
  });

  it('is in the words of the nearest language: the reader’s own, that language anywhere, the default', () => {
    const templates = ['en', 'de', 'de-AT'].map((language) =>
      aTemplate({ language, text: `in ${language}` }),
    );
    const writer = writerWith(templates);
    const told = ['de-AT', 'de-ch', 'DE', 'fr', 'en-GB'].map((language) => {
      const written = writer.write(order({ language }));
      return `${language}: ${written.text.split('\n')[0]} (${written.language})`;
    });
    expect(told).toEqual([
      'de-AT: in de-AT (de-AT)',
      'de-ch: in de (de)',
      'DE: in de (de)',
      'fr: in en (en)',
      'en-GB: in en (en)',
    ]);
  });

  it('of another kind or on another channel is left alone by a template', () => {
    const writer = writerWith([aTemplate({ text: 'mine' })]);
    expect(writer.write(order({ channel: 'sms' })).text).not.toContain('mine');
    expect(writer.write(order({ kind: 'alertRecovered' })).text).not.toContain('mine');
  });

  it('escapes in HTML what customers wrote, and keeps what the admin wrote', () => {
    const template = aTemplate({ html: '<body><b>{{ title }}</b> for {{ name }}</body>' });
    const { html } = writerWith([template]).write(order());
    expect(html).toContain('<b>Rent &amp; &lt;savings&gt;</b> for Ada O&#39;Hara');
    expect(html).toContain(`<a href="${SAMPLE_LINKS.preferences}">`);
    expect(html).toMatch(/<\/p>\n<\/body>$/);
  });

  it('keeps to the limits of its channel whatever a template writes', () => {
    const long = 'word '.repeat(2_000);
    const limits: [Channel, number][] = [
      ['sms', 459],
      ['social', 280],
      ['chat', 4_000],
    ];
    for (const [channel, most] of limits) {
      const { text } = writerWith([aTemplate({ channel, text: long })]).write(order({ channel }));
      expect(text.length).toBeGreaterThan(200);
      expect(text.length).toBeLessThanOrEqual(most);
    }
  });

  it.each([
    ['a name that nobody knows', 'Dear {{ nme }}', /^text, line 1: undefined variable: nme/],
    ['a filter that nobody knows', '{{ name | shout }}', /^text, line 1: undefined filter: shout/],
    ['a tag that is not closed', 'a\nb\n{% if name %}', /^text, line 3: .*not closed/],
    ['a file', '{% include "/etc/passwd" %}', /^text, line 1: tag "include" not found/],
    ['a way around escaping', '{{ name | raw }}', /^text, line 1: undefined filter: raw/],
    ['a loop without end', '{% for a in (1..100000000) %}{{ a }}{% endfor %}', /^text.*limit exceeded/],
    ['nothing', '{% if isStill %}still{% endif %}', /^text: writes nothing/],
    [
      'ever more',
      "{% assign a = 'x' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
      /^text.*limit exceeded/,
    ],
    ['the insides of its host', '{{ name.constructor.name }}', /^text, line 1: undefined variable/],
  ])('asked for %s is written in the built-in words at once, and the admin is told', (_what, text, fault) => {
    const faults: TemplateFault[] = [];
    const began = performance.now();
    const written = writerWith([aTemplate({ text })], faults).write(order());
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(written.text).toContain('Your balance on account 42 is now 92.10 EUR');
    expect(faults).toEqual([
      { kind: 'alertFired', channel: 'email', language: 'en', fault: expect.stringMatching(fault) },
    ]);
  });
});

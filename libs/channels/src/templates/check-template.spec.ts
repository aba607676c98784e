import { checkTemplate } from './check-template';
import { TEMPLATE_CHANNELS, TEMPLATE_KINDS, type Template } from './template';

const aTemplate = (over: Partial<Template> = {}): Template => ({
  kind: 'alertFired',
  channel: 'email',
  language: 'de',
  subject: '{{ builtIn.subject }}',
  text: '{{ builtIn.text }}',
  html: '',
  ...over,
});

describe('a template', () => {
  it('of any kind on any channel may repeat the built-in words', () => {
    const findings = TEMPLATE_KINDS.flatMap((kind) =>
      TEMPLATE_CHANNELS.map((channel) => checkTemplate(aTemplate({ kind, channel }))),
    );
    expect(findings.filter((finding) => finding !== null)).toEqual([]);
  });

  it('may decide and repeat', () => {
    const text =
      '{% for item in items %}{{ forloop.index }}. {{ item }}\n{% endfor %}{% if more > 0 %}+{{ more }}{% endif %}';
    expect(checkTemplate(aTemplate({ kind: 'digest', text }))).toBeNull();
  });

  it.each([
    [{ text: ' ' }, 'text', /^is empty/],
    [{ channel: 'sms', html: '<b>x</b>' } as const, 'html', /^is for mail only/],
    [{ text: 'x'.repeat(20_001) }, 'text', /longer than 20000/],
    [{ subject: '{{ code }}' }, 'subject', /^line 1: undefined variable: code/],
    [{ html: '<p>\n{{ title | raw }}</p>' }, 'html', /^line 2: undefined filter: raw/],
    [{ kind: 'verificationCode', text: 'Hello {{ name }}' } as const, 'text', /does not say the code/],
    [{ kind: 'alertRecovered', text: '{{ severity | slice: 0, 9 }}' } as const, 'text', /writes nothing/],
  ])(
    'that could fail is refused when it is saved, with the field and the line (%#)',
    (over, field, problem) => {
      expect(checkTemplate(aTemplate(over))).toMatchObject({
        field,
        problem: expect.stringMatching(problem),
      });
    },
  );
});

import { tryTemplate } from './message-writer';
import { LONGEST_TEMPLATE } from './liquid-engine';
import { sampleBodies, SAMPLE_LINKS, SAMPLE_RECIPIENT } from './sample-bodies';
import type { Template } from './template';
import { compileTemplate, type TemplateField } from './template-set';

export interface TemplateFinding {
  field: TemplateField;
  /** "line 3: undefined filter: shout" */
  problem: string;
}

/**
 * Reads a template and writes its kind's samples with it, so that what can fail fails before it is kept.
 * @returns null if it can be used
 */
export function checkTemplate(template: Template): TemplateFinding | null {
  const { kind, channel } = template;
  if (template.text.trim() === '') return { field: 'text', problem: 'is empty' };
  if (template.html !== '' && channel !== 'email') return { field: 'html', problem: 'is for mail only' };
  for (const field of ['subject', 'text', 'html'] as const)
    if (template[field].length > LONGEST_TEMPLATE)
      return { field, problem: `is longer than ${LONGEST_TEMPLATE} letters` };
  const compiled = () => compileTemplate(template);
  const recipient = { ...SAMPLE_RECIPIENT, language: template.language };
  for (const body of sampleBodies(kind)) {
    const frame = { body, channel, recipient, topic: '', signedBy: 'Your card team', links: SAMPLE_LINKS };
    const tried = tryTemplate(compiled, frame);
    if (!tried.ok) return findingOf(tried.fault);
    if (body.kind === 'verificationCode' && !tried.message.text.includes(body.facts.code))
      return { field: 'text', problem: 'does not say the code: {{ code }}' };
  }
  return null;
}

function findingOf(words: string): TemplateFinding {
  const [, field = 'text', problem = words] = /^(subject|text|html)(?:, |: )(.*)$/s.exec(words) ?? [];
  return { field: field as TemplateField, problem };
}

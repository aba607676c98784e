import type { Channel, NotificationKind } from '@app/contracts';
import { LiquidEngine, TemplateProblem, type CompiledField } from './liquid-engine';
import { languagesToTry, type Template } from './template';

const plain = new LiquidEngine(false);
const escaping = new LiquidEngine(true);

const FIELDS = ['subject', 'text', 'html'] as const;
export type TemplateField = (typeof FIELDS)[number];

/** A problem and the field that has it. */
export class FieldFault extends Error {
  constructor(
    readonly field: TemplateField,
    readonly problem: TemplateProblem,
  ) {
    super(problem.reason);
  }

  /** "text, line 3: undefined filter: shout" */
  get words(): string {
    const { line, reason } = this.problem;
    return `${this.field}${line === null ? '' : `, line ${line}`}: ${reason}`;
  }
}

/** A template whose fields have been read once; `null` where the field is empty. */
export interface CompiledTemplate {
  template: Template;
  fields: Record<TemplateField, CompiledField | null>;
}

/** @throws FieldFault */
export function compileTemplate(template: Template): CompiledTemplate {
  const fields = FIELDS.map((field) => {
    const text = template[field];
    if (text.trim() === '') return [field, null];
    return [field, inField(field, () => engineOf(field).compile(text))];
  });
  return { template, fields: Object.fromEntries(fields) as CompiledTemplate['fields'] };
}

/** @returns the text of each field that the template has; @throws FieldFault */
export function renderTemplate(
  { fields }: CompiledTemplate,
  facts: object,
): Record<TemplateField, string | null> {
  const rendered = FIELDS.map((field) => {
    const compiled = fields[field];
    return [field, compiled && inField(field, () => engineOf(field).render(compiled, facts))];
  });
  return Object.fromEntries(rendered) as Record<TemplateField, string | null>;
}

function engineOf(field: TemplateField): LiquidEngine {
  return field === 'html' ? escaping : plain;
}

function inField<Result>(field: TemplateField, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const problem = error instanceof TemplateProblem ? error : new TemplateProblem('cannot be read', null);
    throw new FieldFault(field, problem);
  }
}

export interface FoundTemplate {
  template: Template;
  /** @throws FieldFault where it cannot be read */
  compiled: () => CompiledTemplate;
}

/** Templates as they are looked for; those that cannot be read are found too, and fail when they are used. */
export class TemplateSet {
  private readonly byKey = new Map<string, FoundTemplate>();

  constructor(templates: readonly Template[]) {
    for (const template of templates) {
      const key = keyOf(template.kind, template.channel, template.language.toLowerCase());
      this.byKey.set(key, { template, compiled: compiledOnce(template) });
    }
  }

  /** @returns null where the built-in words are used */
  find(kind: NotificationKind, channel: Channel, language: string): FoundTemplate | null {
    for (const each of languagesToTry(language)) {
      const found = this.byKey.get(keyOf(kind, channel, each));
      if (found) return found;
    }
    return null;
  }
}

/** Read when it is first used, and only then: there may be many, and most kinds are rare. */
function compiledOnce(template: Template): () => CompiledTemplate {
  let compiled: CompiledTemplate | null = null;
  return () => (compiled ??= compileTemplate(template));
}

function keyOf(kind: NotificationKind, channel: Channel, language: string): string {
  return `${kind}|${channel}|${language}`;
}

import { Liquid, type Template as Part } from 'liquidjs';

/** A language that decides and repeats; what reads other files, or keeps values between renderings, is left out. */
const TAGS = new Set(
  'assign capture case comment cycle for if unless break continue echo liquid #'.split(' '),
);
/** What works on texts, numbers and lists. Without `raw`, `json` and their like, nothing escapes the escaping. */
const FILTERS = new Set(
  (
    'append prepend strip lstrip rstrip squish downcase upcase capitalize remove remove_first replace replace_first ' +
    'truncate truncatewords split join first last reverse sort uniq size slice compact concat default plus minus times ' +
    'divided_by modulo round ceil floor abs at_least at_most url_encode strip_newlines'
  ).split(' '),
);

/** Letters of one template's field. */
export const LONGEST_TEMPLATE = 20_000;
/** Letters of one field when it is written. */
export const LONGEST_OUTPUT = 60_000;
/** A template takes some 0.1 ms; one that is not done by then would hold up every other message of the process. */
const LONGEST_RENDERING_MS = 250;
/** As liquidjs counts: letters and entries that filters and loops make. */
const MOST_MEMORY = 1_000_000;

export type CompiledField = readonly Part[];

/** Why a template's field cannot be used. */
export class TemplateProblem extends Error {
  constructor(
    /** In plain words, without values. */
    readonly reason: string,
    /** From 1; null where the whole is meant. */
    readonly line: number | null,
  ) {
    super(reason);
  }
}

/** Liquid within limits: of time, of memory, of length; no files, no code, unknown names are errors. */
export class LiquidEngine {
  private readonly liquid: Liquid;

  /** @param escapes whether values are escaped for HTML wherever they are put in */
  constructor(escapes: boolean) {
    this.liquid = new Liquid({
      templates: {}, // in the place of the file system
      dynamicPartials: false,
      strictFilters: true,
      strictVariables: true,
      ownPropertyOnly: true,
      lenientIf: true,
      parseLimit: LONGEST_TEMPLATE,
      renderLimit: LONGEST_RENDERING_MS,
      memoryLimit: MOST_MEMORY,
      ...(escapes && { outputEscape: 'escape' as const }),
    });
    for (const tag of Object.keys(this.liquid.tags)) if (!TAGS.has(tag)) delete this.liquid.tags[tag];
    const kept = escapes ? new Set([...FILTERS, 'escape']) : FILTERS;
    for (const filter of Object.keys(this.liquid.filters))
      if (!kept.has(filter)) delete this.liquid.filters[filter];
  }

  /** @throws TemplateProblem */
  compile(text: string): CompiledField {
    return inPlainWords(() => this.liquid.parse(text));
  }

  /** @throws TemplateProblem */
  render(compiled: CompiledField, facts: object): string {
    const text = inPlainWords(() => String(this.liquid.renderSync([...compiled], facts)));
    if (text.length > LONGEST_OUTPUT) throw new TemplateProblem('writes more than 60,000 letters', null);
    return text;
  }
}

function inPlainWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const line = /, line:(\d+), col:\d+/.exec(message)?.[1];
    const reason = message.replace(/, (file|line|col):[^,]*/g, '').slice(0, 200);
    throw new TemplateProblem(reason || 'cannot be read', line === undefined ? null : Number(line));
  }
}

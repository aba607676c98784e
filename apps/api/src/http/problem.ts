/** What is wrong with one field, and what would be right. */
export interface FieldProblem {
  field: string;
  problem: string;
  wouldBeRight: string;
}

export interface ProblemParts {
  status: number;
  /** Stable name of the kind of problem: the last part of its `type`. */
  slug: string;
  title: string;
  detail: string;
  errors?: FieldProblem[];
  headers?: Record<string, string>;
  /** Members of the document beyond the standard's. */
  more?: Record<string, unknown>;
}

/**
 * An expected refusal on its way to the caller as `application/problem+json`.
 * @see RFC 9457
 */
export class Problem extends Error {
  constructor(readonly parts: ProblemParts) {
    super(parts.detail);
  }

  toDocument(): Record<string, unknown> {
    const { slug, title, status, detail, errors, more } = this.parts;
    return { type: `/problems/${slug}`, title, status, detail, ...(errors ? { errors } : {}), ...more };
  }
}

/** Also the answer for what belongs to somebody else: nobody learns that it exists. */
export function notFound(what: string): Problem {
  return new Problem({
    status: 404,
    slug: 'not-found',
    title: 'Not found',
    detail: `There is no such ${what}.`,
  });
}

export function conflict(slug: string, detail: string, errors?: FieldProblem[]): Problem {
  return new Problem({ status: 409, slug, title: 'Conflict', detail, errors });
}

export function invalid(errors: FieldProblem[], status = 400): Problem {
  const fields = errors.map((error) => error.field).join(', ');
  return new Problem({
    status,
    slug: 'invalid-request',
    title: 'Invalid request',
    detail: `Not right: ${fields}.`,
    errors,
  });
}

export function forbidden(slug: string, detail: string, errors?: FieldProblem[]): Problem {
  return new Problem({ status: 403, slug, title: 'Forbidden', detail, errors });
}

export function tooMany(detail: string, retryAfterMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new Problem({
    status: 429,
    slug: 'too-many-requests',
    title: 'Too many requests',
    detail: `${detail} Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

export function tooLarge(detail: string): Problem {
  return new Problem({ status: 413, slug: 'too-large', title: 'Too large', detail });
}

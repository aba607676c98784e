import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { ApiRequest } from '../access/principal';
import { invalid, Problem, tooLarge } from './problem';
import { sendProblem } from './problem.filter';

export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Deeper than anything asked for here; what walks a body calls itself for each step down, and has only one stack. */
const MAX_DEPTH = 32;
const TOO_DEEP = invalid([
  { field: 'body', problem: 'is nested too deep', wouldBeRight: `at most ${MAX_DEPTH} levels` },
]);

const EVENTS = /^\/v1\/events\/?$/i;

const CALLBACKS = /^\/v1\/callbacks\//i;
/** A provider sends many events at once; it is nobody we know until its signature over these bytes is verified. */
export const MAX_CALLBACK_BYTES = 2 * 1024 * 1024;
const PAGES = /^\/(u|p|v)\//i;
const MAX_FORM_BYTES = 16 * 1024;

/**
 * Reads bodies, of proven callers only: JSON everywhere, but events stay the bytes that came, because the
 * ingest must be able to say what was wrong with them. What providers send, who prove themselves by its bytes, and the
 * forms of the pages behind links are read without.
 */
export function readBody(): RequestHandler {
  const json = express.json({ limit: MAX_BODY_BYTES, type: ['json', '+json'], verify: keepRaw });
  const events = express.raw({ limit: MAX_BATCH_BYTES, type: () => true });
  const callbacks = express.raw({ limit: MAX_CALLBACK_BYTES, type: () => true });
  const form = express.urlencoded({ extended: false, limit: MAX_FORM_BYTES, parameterLimit: 200 });
  return (request, response: Response, next: NextFunction) => {
    const forStrangers = CALLBACKS.test(request.path) ? callbacks : PAGES.test(request.path) ? form : null;
    if (forStrangers) {
      return forStrangers(request, response, (error?: unknown) =>
        error ? sendProblem(response, bodyProblem(error, MAX_CALLBACK_BYTES)) : next(),
      );
    }
    if (!(request as ApiRequest).principal) return next();
    const isIngest = request.method === 'POST' && EVENTS.test(request.path);
    const read = isIngest ? events : json;
    read(request, response, (error?: unknown) => {
      if (error)
        return sendProblem(response, bodyProblem(error, isIngest ? MAX_BATCH_BYTES : MAX_BODY_BYTES));
      if (!isIngest && isDeeper(request.body, MAX_DEPTH)) return sendProblem(response, TOO_DEEP);
      if (isIngest)
        (request as ApiRequest).rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      next();
    });
  };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return depth === 0 || Object.values(value).some((part) => isDeeper(part, depth - 1));
}

function keepRaw(request: unknown, _response: unknown, bytes: Buffer): void {
  (request as Request & { rawBody?: Buffer }).rawBody = bytes;
}

function bodyProblem(error: unknown, maxBytes: number): Problem {
  const { type, message } = error as { type?: string; message?: string };
  if (type === 'entity.too.large') {
    return tooLarge(`A request may have ${maxBytes} bytes.`);
  }
  if (type === 'entity.parse.failed') {
    return invalid([{ field: 'body', problem: 'is not JSON', wouldBeRight: 'a JSON object (RFC 8259)' }]);
  }
  return new Problem({
    status: 400,
    slug: 'invalid-request',
    title: 'Invalid request',
    detail: message ?? 'The body cannot be read.',
  });
}

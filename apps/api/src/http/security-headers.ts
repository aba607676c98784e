import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Where a page finds the nonce that its own scripts and styles carry. */
export interface WithNonce {
  cspNonce?: string;
}

const nonceOf = (_: IncomingMessage, response: ServerResponse): string =>
  `'nonce-${(response as ServerResponse & WithNonce).cspNonce ?? ''}'`;

const shut = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

const nothing = strict(shut);
const outboxPage = strict({
  ...shut,
  scriptSrc: [nonceOf],
  styleSrc: [nonceOf],
  connectSrc: ["'self'"],
  // Mails are shown in frames without scripts; what such a frame loads is ruled by this policy too.
  frameSrc: ["'self'"],
  styleSrcAttr: ["'unsafe-inline'"],
  imgSrc: ['data:'],
});
const consentPage = strict({
  ...shut,
  styleSrc: [nonceOf],
  formAction: ["'self'"],
  imgSrc: ['data:'],
});
const docsPage = strict({
  ...shut,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
});

/** Answers are data, so nothing may be loaded or framed; pages may load what they bring along, and send their forms home. */
export function securityHeaders(): RequestHandler {
  return (request, response, next) => {
    if (/^\/docs(\/|$)/i.test(request.path)) return docsPage(request, response, next);
    const page = /^\/outbox\/?$/i.test(request.path)
      ? outboxPage
      : /^\/(u|p|v)\//i.test(request.path)
        ? consentPage
        : null;
    if (!page) return nothing(request, response, next);
    (response as WithNonce).cspNonce = randomBytes(16).toString('base64');
    return page(request, response, next);
  };
}

type Directives = Record<string, (string | typeof nonceOf)[]>;

function strict(directives: Directives): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'deny' },
  });
}

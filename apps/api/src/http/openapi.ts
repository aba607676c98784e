import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The API's description, generated from the code; `docs/openapi.json` is this, written down. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('Tidings')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'API key `tdg_…` of a system or an admin' },
      'apiKey',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of a customer' },
      'customer',
    )
    .build();
  const document = SwaggerModule.createDocument(app, outline, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM },
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations))
      complete(path, method, operation as Operation);
  }
  return document;
}

interface Operation {
  operationId: string;
  parameters?: unknown[];
  responses: Record<string, unknown>;
  security?: unknown[];
}

/** What every route has in common, and no decorator should have to repeat. */
function complete(path: string, method: string, operation: Operation): void {
  const named = (operation.parameters ?? []) as { name: string }[];
  const missing = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) =>
    named.some((parameter) => parameter.name === name)
      ? []
      : [{ name, in: 'path', required: true, schema: { type: 'string' } }],
  );
  const isRepeatable = method === 'post' && !path.startsWith('/v1/callbacks/');
  operation.parameters = [...missing, ...named, ...(isRepeatable ? [IDEMPOTENCY_KEY] : [])];
  const isMine = /^\/v1\/me(\/|$)/.test(path);
  const name = operation.operationId.replace(/\[\d+\]$/, '');
  operation.operationId = isMine ? name.replace(/^(?!Me_)/, 'My') : name;
  if (!path.startsWith('/v1/')) return;
  operation.security = securityOf(path, method);
  operation.responses.default = REFUSED;
}

/** Whoever calls back proves it by a signature of their own kind. */
function securityOf(path: string, method: string): unknown[] {
  if (path.startsWith('/v1/callbacks/')) return [];
  const isMine = /^\/v1\/me(\/|$)/.test(path);
  const isForBoth = path.startsWith('/v1/metrics') && method === 'get';
  return [...(isMine ? [] : [{ apiKey: [] }]), ...(isMine || isForBoth ? [{ customer: [] }] : [])];
}

const DESCRIPTION = `Tells customers what they asked to be told, before they have to ask.

Systems and admins send an API key, customers a token, both as \`Authorization: Bearer …\`. Errors are
\`application/problem+json\` (RFC 9457). Every POST takes an \`Idempotency-Key\`: its answer is kept for 24 hours and
given again, with \`Idempotency-Replayed: true\`. Lists give \`nextCursor\` until their last page.`;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes repeating this request safe for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const REFUSED = {
  description: 'What is wrong, and what would be right',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: {
      type: 'string',
      description: 'Stable name of the kind of problem',
      example: '/problems/invalid-request',
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'problem', 'wouldBeRight'],
        properties: {
          field: { type: 'string' },
          problem: { type: 'string' },
          wouldBeRight: { type: 'string' },
        },
      },
    },
  },
};

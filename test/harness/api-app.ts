import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { createLogger } from '@app/observability';
import { SignJWT } from 'jose';
import { createApi } from '../../apps/api/src/api';
import { readConfig } from '../../apps/api/src/api.config';

export interface TestApi {
  url: string;
  adminKey: string;
  systemKey: string;
  /** A short-lived token as the host's identity provider would give it, for `life` or five minutes. */
  tokenOf(customerId: string, life?: string): Promise<string>;
  /** A request as a client makes it; the body is sent as JSON and read back as JSON where there is any. */
  call<Body = Record<string, unknown>>(
    credential: string | null,
    request: TestRequest,
  ): Promise<TestAnswer<Body>>;
  close(): Promise<void>;
}

export interface TestRequest {
  method?: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestAnswer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/**
 * The real API on a free port of loopback, in this process.
 * @param log takes what it logs; silent without
 */
export async function startApi(
  databaseUrl: string,
  env: Record<string, string> = {},
  log?: Writable,
): Promise<TestApi> {
  const adminKey = `tdg_${randomBytes(24).toString('hex')}`;
  const systemKey = `tdg_${randomBytes(24).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const read = readConfig({
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: log ? 'trace' : 'silent',
    JWT_SECRET: secret,
    TIDINGS_EMBEDDED: '1',
    TIDINGS_BOOTSTRAP_KEY_ADMIN: adminKey,
    TIDINGS_BOOTSTRAP_KEY_SYSTEM: systemKey,
    RATE_LIMIT_PER_CUSTOMER: '100000',
    RATE_LIMIT_PER_STRANGER: '100000',
    RATE_LIMIT_CODES: '100000',
    ...env,
  });
  if (!read.ok) throw new Error(read.problems.join(' '));
  const app = await createApi(read.config, createLogger('api', read.config.logLevel, log));
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    url,
    adminKey,
    systemKey,
    tokenOf: (customerId, life = '5m') => signToken(customerId, secret, life),
    call: (credential, request) => call(url, credential, request),
    close: () => app.close(),
  };
}

function signToken(customerId: string, secret: string, life: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(customerId)
    .setIssuedAt()
    .setExpirationTime(life)
    .sign(new TextEncoder().encode(secret));
}

async function call<Body>(
  url: string,
  credential: string | null,
  request: TestRequest,
): Promise<TestAnswer<Body>> {
  const { method = request.body === undefined ? 'GET' : 'POST', path, body, headers = {} } = request;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Body,
  };
}

import type { LevelWithSilent } from 'pino';
import { readEventLogConfig, type EventLogConfig } from '@app/event-log';
import {
  readCallbacksConfig,
  readEgressConfig,
  readHookHosts,
  readVapidConfig,
  type CallbacksConfig,
  type HookHosts,
  type VapidKeys,
} from '@app/channels';
import { readLinksConfig, type LinksConfig } from '@app/links';
import { readDuration } from './http/duration';

/** How the API runs; read once, before anything is opened. */
export interface ApiConfig {
  databaseUrl: string;
  /** Connections this process may hold. */
  databasePoolSize: number;
  host: string;
  port: number;
  /** Proxies in front of us whose word on the caller's address is believed. */
  proxies: number;
  logLevel: LevelWithSilent;
  /** True in the installation that `npm start` brings up: pages for its visitor are open on loopback. */
  isEmbedded: boolean;
  jwt: JwtConfig;
  /** Keys that exist from the start, so that somebody can make the others. */
  bootstrapKeys: { admin: string | null; system: string | null };
  limits: {
    rulesPerCustomer: number;
    subjectsPerRule: number;
    /** Longest window of a rule. */
    maxWindowMs: number;
    contactPointsPerCustomer: number;
    /** Requests in 10 seconds. */
    requestsPerKey: number;
    requestsPerCustomer: number;
    /** Requests in 10 seconds from one address that prove nobody. */
    requestsPerStranger: number;
    /** Verification codes in an hour that customers may ask for from one address. */
    codesPerAddress: number;
  };
  eventLog: EventLogConfig;
  /** Null: no links are made or taken, and the pages behind them answer 404. */
  links: LinksConfig | null;
  /** `host:port` of receivers in the own network that customers' URLs may lead to. */
  egressAllow: readonly string[];
  /** Hosts whose incoming hooks may be an address of channel chat. */
  hooks: HookHosts;
  /** Null: the installation makes keys of its own. */
  vapid: VapidKeys | null;
  callbacks: CallbacksConfig;
}

/** Who may speak for customers. With neither secret nor JWKS no token is accepted. */
export interface JwtConfig {
  secret: string | null;
  jwksUrl: string | null;
  issuer: string | null;
  audience: string | null;
  /** Longest life that a token may have, seconds. */
  maxLifetimeS: number;
}

export type Env = Readonly<Record<string, string | undefined>>;

const LEVELS: readonly LevelWithSilent[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const KEY = /^tdg_[A-Za-z0-9_-]{32,120}$/;

/**
 * Reads the environment.
 * @returns the frozen configuration, or every problem at once in words for the operator
 */
export function readConfig(
  env: Env = process.env,
): { ok: true; config: ApiConfig } | { ok: false; problems: string[] } {
  const problems: string[] = [];
  const read = reader(env, problems);
  const config: ApiConfig = {
    databaseUrl: read.required('DATABASE_URL'),
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', 20, 5, 1_000),
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', 3000, 0, 65_535),
    proxies: read.integer('TRUSTED_PROXIES', 0, 0, 10),
    logLevel: read.oneOf('LOG_LEVEL', LEVELS, 'info'),
    isEmbedded: env.TIDINGS_EMBEDDED === '1',
    jwt: {
      secret: read.secret('JWT_SECRET'),
      jwksUrl: read.url('JWKS_URL'),
      issuer: read.text('JWT_ISSUER'),
      audience: read.text('JWT_AUDIENCE'),
      maxLifetimeS: read.integer('JWT_MAX_LIFETIME_S', 86_400, 60, 31_536_000),
    },
    bootstrapKeys: {
      admin: read.key('TIDINGS_BOOTSTRAP_KEY_ADMIN'),
      system: read.key('TIDINGS_BOOTSTRAP_KEY_SYSTEM'),
    },
    limits: {
      rulesPerCustomer: read.integer('MAX_RULES_PER_CUSTOMER', 100, 1, 100_000),
      subjectsPerRule: read.integer('MAX_SUBJECTS_PER_RULE', 100, 1, 10_000),
      maxWindowMs: read.duration('MAX_WINDOW', 'P31D', { min: 'PT1M', max: 'P31D' }),
      contactPointsPerCustomer: read.integer('MAX_CONTACT_POINTS_PER_CUSTOMER', 20, 1, 1_000),
      requestsPerKey: read.integer('RATE_LIMIT_PER_KEY', 20_000, 1, 10_000_000),
      requestsPerCustomer: read.integer('RATE_LIMIT_PER_CUSTOMER', 300, 1, 1_000_000),
      codesPerAddress: read.integer('RATE_LIMIT_CODES', 60, 1, 1_000_000),
      requestsPerStranger: read.integer('RATE_LIMIT_PER_STRANGER', 300, 1, 1_000_000),
    },
    eventLog: readEventLog(env, problems),
    links: readLinks(env, problems),
    ...readSending(env, problems),
    callbacks: readCallbacks(env, problems),
  };
  if (config.jwt.secret && config.jwt.jwksUrl)
    problems.push('JWT_SECRET and JWKS_URL exclude each other: set one.');
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: Object.freeze(config) };
}

function readEventLog(env: Env, problems: string[]): EventLogConfig {
  const read = readEventLogConfig(env);
  if (read.ok) return read.config;
  problems.push(...read.problems);
  return { kind: 'postgres', partitions: 1 };
}

/** What the API must know of sending: where URLs may lead, and with whose key browsers subscribe. */
function readSending(env: Env, problems: string[]): Pick<ApiConfig, 'egressAllow' | 'hooks' | 'vapid'> {
  const egress = readEgressConfig(env);
  const push = readVapidConfig(env);
  problems.push(...egress.problems, ...push.problems);
  return { egressAllow: egress.allow, hooks: readHookHosts(env), vapid: push.vapid };
}

function readLinks(env: Env, problems: string[]): LinksConfig | null {
  const read = readLinksConfig(env);
  if (read.ok) return read.config;
  problems.push(...read.problems);
  return null;
}

function readCallbacks(env: Env, problems: string[]): CallbacksConfig {
  const read = readCallbacksConfig(env);
  if (read.ok) return read.config;
  problems.push(...read.problems);
  return { twilioTokens: [], sendGridKeys: [], telnyxKeys: [] };
}

function reader(env: Env, problems: string[]) {
  const text = (name: string): string | null => env[name]?.trim() || null;
  return {
    text,
    required(name: string): string {
      const value = text(name);
      if (value === null) problems.push(`${name} is missing.`);
      return value ?? '';
    },
    integer(name: string, otherwise: number, min: number, max: number): number {
      const value = text(name);
      if (value === null) return otherwise;
      const number = Number(value);
      if (Number.isInteger(number) && number >= min && number <= max) return number;
      problems.push(`${name} must be a whole number from ${min} to ${max}.`);
      return otherwise;
    },
    duration(name: string, otherwise: string, { min, max }: { min: string; max: string }): number {
      const value = text(name);
      if (value === null) return readDuration(otherwise);
      const ms = readDuration(value);
      if (ms >= readDuration(min) && ms <= readDuration(max)) return ms;
      problems.push(`${name} must be an ISO 8601 duration from ${min} to ${max}.`);
      return readDuration(otherwise);
    },
    oneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
      const value = text(name);
      if (value === null) return otherwise;
      const choice = choices.find((known) => known === value);
      if (choice === undefined) problems.push(`${name} must be one of ${choices.join(', ')}.`);
      return choice ?? otherwise;
    },
    secret(name: string): string | null {
      const value = text(name);
      if (value !== null && value.length < 32) problems.push(`${name} must have at least 32 characters.`);
      return value;
    },
    url(name: string): string | null {
      const value = text(name);
      if (value !== null && !/^https?:\/\//.test(value)) problems.push(`${name} must be an http(s) address.`);
      return value;
    },
    key(name: string): string | null {
      const value = text(name);
      if (value !== null && !KEY.test(value))
        problems.push(`${name} must look like tdg_ and 32 or more characters of A-Z a-z 0-9 _ -.`);
      return value;
    },
  };
}

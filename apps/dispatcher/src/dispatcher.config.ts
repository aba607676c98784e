import { readChannelsConfig, type ChannelsConfig } from '@app/channels';
import { readEventLogConfig, type EventLogConfig } from '@app/event-log';
import { readLinksConfig, type LinksConfig } from '@app/links';

export interface DispatcherConfig {
  databaseUrl: string;
  /** Connections this process may hold: lanes, planner, commits and sweep should not wait for each other's. */
  databasePoolSize: number;
  eventLog: EventLogConfig;
  channels: ChannelsConfig;
  /** Null: messages carry no links. */
  links: LinksConfig | null;
  host: string;
  /** Health and metrics; 0 takes a free port. */
  port: number;
  logLevel: string;
  /** Calls under way at once, per lane. */
  sendConcurrency: number;
  leaseMs: number;
  /** Calls per second by provider, for all dispatchers together; one that is missing is not limited. */
  providerRates: ReadonlyMap<string, number>;
}

/** Two partitions may load at once and ask the store meanwhile: with fewer than three for that they could wait for each other. */
const FEWEST_CONNECTIONS = 5;

type Env = Readonly<Record<string, string | undefined>>;
type Read = { ok: true; config: DispatcherConfig } | { ok: false; problems: string[] };

/** Reads everything the dispatcher takes from its environment, or says all that is wrong with it at once. */
export function readConfig(env: Env): Read {
  const problems: string[] = [];
  const ofLibraries = readLibraries(env, problems);
  if (!env.DATABASE_URL)
    problems.push('DATABASE_URL must name a PostgreSQL database, e.g. postgres://user@host/tidings');
  const port = wholeNumber(env, 'DISPATCHER_PORT', 3001, problems);
  const databasePoolSize = Math.max(FEWEST_CONNECTIONS, wholeNumber(env, 'DATABASE_POOL_SIZE', 24, problems));
  const sendConcurrency = wholeNumber(env, 'SEND_CONCURRENCY', 32, problems);
  const leaseMs = wholeNumber(env, 'DELIVERY_LEASE_MS', 20_000, problems);
  problems.push(...sendingProblems(sendConcurrency, leaseMs));
  const providerRates = readRates(env.PROVIDER_RATES ?? '', problems);
  if (problems.length > 0 || !ofLibraries) return { ok: false, problems };
  const config = Object.freeze({
    databaseUrl: env.DATABASE_URL ?? '',
    databasePoolSize,
    ...ofLibraries,
    host: env.HOST ?? '127.0.0.1',
    port,
    logLevel: env.LOG_LEVEL ?? 'info',
    sendConcurrency,
    leaseMs,
    providerRates,
  });
  return { ok: true, config };
}

/** What the libraries read for themselves; null where one of them found a problem. */
function readLibraries(
  env: Env,
  problems: string[],
): Pick<DispatcherConfig, 'eventLog' | 'channels' | 'links'> | null {
  const eventLog = readEventLogConfig(env);
  const channels = readChannelsConfig(env);
  const links = readLinksConfig(env);
  for (const read of [eventLog, channels, links]) if (!read.ok) problems.push(...read.problems);
  if (!eventLog.ok || !channels.ok || !links.ok) return null;
  return { eventLog: eventLog.config, channels: channels.config, links: links.config };
}

function sendingProblems(sendConcurrency: number, leaseMs: number): string[] {
  return [
    ...(sendConcurrency < 1 ? ['SEND_CONCURRENCY must be at least 1, or nothing would ever be sent'] : []),
    ...(leaseMs < 200 ? ['DELIVERY_LEASE_MS must be at least 200: a call gets half of it'] : []),
  ];
}

/** `twilio=50,sendgrid=100/s`; a rate below one a second is written as a fraction. */
function readRates(text: string, problems: string[]): Map<string, number> {
  const rates = new Map<string, number>();
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, provider = '', rate = ''] =
      /^\s*([\w.-]+)\s*=\s*(\d+(?:\.\d+)?)\s*(?:\/s)?\s*$/.exec(part) ?? [];
    if (Number(rate) > 0) rates.set(provider, Number(rate));
    else
      problems.push('PROVIDER_RATES must name providers and calls per second, e.g. twilio=50,sendgrid=100/s');
  }
  return rates;
}

function wholeNumber(env: Env, name: string, byDefault: number, problems: string[]): number {
  const text = env[name];
  if (!text) return byDefault;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  problems.push(`${name} must be a whole number`);
  return byDefault;
}

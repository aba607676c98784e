import { join, resolve } from 'node:path';

export interface StandaloneConfig {
  /** 0 takes a free port. */
  port: number;
  dispatcherPort: number;
  /** Absolute path of the data folder. */
  folder: string;
  /** Null starts the embedded PostgreSQL in the data folder. */
  databaseUrl: string | null;
  /** What the children inherit; nothing of ours is in it. */
  inherited: Record<string, string>;
  color: boolean;
}

/** Credentials of real providers. */
const PROVIDERS = /^(TWILIO|TELNYX|SENDGRID|SMTP|X|MASTODON|BLUESKY|SLACK|TEAMS|TELEGRAM)_/;

type Environment = Record<string, string | undefined>;

/** @returns the settings, or every problem with them at once */
export function readConfig(
  workingDirectory: string,
  env: Environment = process.env,
): { ok: true; config: StandaloneConfig } | { ok: false; problems: string[] } {
  const problems: string[] = [];
  const port = readPort('PORT', env.PORT ?? '3000', problems);
  const dispatcherPort = readPort('DISPATCHER_PORT', env.DISPATCHER_PORT ?? '0', problems);
  if (port !== 0 && port === dispatcherPort) problems.push('PORT and DISPATCHER_PORT must differ');
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: {
      port,
      dispatcherPort,
      folder: env.TIDINGS_DATA
        ? resolve(workingDirectory, env.TIDINGS_DATA)
        : join(workingDirectory, '.tidings'),
      databaseUrl: env.DATABASE_URL || null,
      inherited: definedOnly(env),
      color: !env.NO_COLOR && env.TERM !== 'dumb',
    },
  };
}

/** The people of the demonstration do not exist, but a provider would dial their numbers all the same. */
export function withoutProviders(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PROVIDERS.test(name)));
}

function readPort(name: string, text: string, problems: string[]): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) problems.push(`${name} must be a port number from 0 to 65535, not "${text}"`);
  return port;
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

import { types } from 'node:util';
import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * Fields that never reach a log, wherever they stand: addresses, secrets, and what customers were told.
 * A log line names deliveries and customers by id, and who may look can look them up.
 */
const REDACTED = [
  'address',
  'to',
  'code',
  'text',
  'html',
  'body',
  'facts',
  'payload',
  'authorization',
  'password',
  'secret',
  'token',
  'apiKey',
  'databaseUrl',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** JSON lines on stdout, one object each; `service` tells the processes apart. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    errorKey: 'error',
    formatters: { level: (label: string) => ({ level: label }), log: describeFields },
    redact: { paths: [...REDACTED, 'req.headers.authorization', 'req.headers.cookie'], censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Errors come under any name, and inside of what others report. */
const LEVELS_WITH_ERRORS = 2;

function describeFields(fields: object, levels = LEVELS_WITH_ERRORS): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [name, describe(value, levels)]),
  );
}

function describe(value: unknown, levels: number): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (isError(value)) return describeError(value);
  if (levels === 1 || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => describe(item, levels - 1));
  return Object.getPrototypeOf(value) === Object.prototype ? describeFields(value, levels - 1) : value;
}

/**
 * Only these: connection strings turn up in messages of drivers, whose credentials must not be shown, and what a
 * driver hangs on an error besides (`detail`, `where`, `parameters`) quotes the row it could not write.
 */
function describeError(error: Error & { code?: unknown }): object {
  const { name, message, stack, code } = error;
  return {
    name,
    message: withoutCredentials(message),
    ...(code !== undefined && { errorCode: code }),
    stack: stack && withoutCredentials(stack),
  };
}

/** Also an error that comes from another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, '//[redacted]@');
}

/** What Nest asks of a logger, on pino: `log(message, { fields }, context)`. */
export class NestLog {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const fields: { error?: unknown } = rest.find((part) => typeof part === 'object' && part !== null) ?? {};
    const texts = rest.filter((part) => typeof part === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const thrown = isError(message) ? message : undefined;
    const error = thrown ?? fields.error;
    const text = withoutCredentials(thrown ? thrown.message : String(message));
    this.logger[level]({ ...fields, context, stack, error }, text);
  }
}

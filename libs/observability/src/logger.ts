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
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...REDACTED, 'req.headers.authorization', 'req.headers.cookie'], censor: '[redacted]' },
    serializers: { error: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Connection strings turn up in messages of drivers; their credentials must not. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return withoutCredentials(String(error));
  const { name, message, stack } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message: withoutCredentials(message),
    ...(code !== undefined && { errorCode: code }),
    stack: stack && withoutCredentials(stack),
  };
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
    const fields = rest.find((part) => typeof part === 'object' && part !== null) ?? {};
    const texts = rest.filter((part) => typeof part === 'string');
    const context = texts.at(-1);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const error = message instanceof Error ? message : undefined;
    this.logger[level]({ ...fields, context, stack, error }, error ? error.message : String(message));
  }
}

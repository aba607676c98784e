import { zstdCompress, zstdDecompress } from 'node:zlib';
import { promisify } from 'node:util';
import {
  CompressionCodecs,
  CompressionTypes,
  Kafka,
  logLevel,
  type ISocketFactory,
  type LogEntry,
  type SASLOptions,
} from 'kafkajs';
import type { Report } from '../report';

export interface KafkaConnectionOptions {
  /** `host:port`, at least one. */
  brokers: string[];
  /** Shown in the brokers' logs and quotas. */
  clientId: string;
  /** TLS: `true` trusts the system's authorities; or a certificate authority of one's own, and a client certificate (PEM). */
  ssl?: boolean | { ca?: string; cert?: string; key?: string };
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** Makes the connections; kafkajs's own way by default. */
  socketFactory?: ISocketFactory;
}

/**
 * About 8 s of trying before a call fails. Consumers are rebuilt after that, for as long as it takes; an append is
 * refused, so that its sender learns of it while somebody still waits.
 */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 10 };

/** For a question that should be answered soon or not at all, such as "are you there?". */
export const ONE_TRY = { ...RETRY, retries: 1 };

export function kafkaClient(options: KafkaConnectionOptions, report: Report, retry = RETRY): Kafka {
  silenceTimerWarning();
  readZstd();
  return new Kafka({
    brokers: options.brokers,
    clientId: options.clientId,
    ssl: options.ssl,
    sasl: options.sasl as SASLOptions | undefined,
    socketFactory: options.socketFactory,
    connectionTimeout: 3_000,
    retry,
    logLevel: logLevel.ERROR,
    logCreator: () => passOn(report),
  });
}

const NOISE = new Set(['message', 'timestamp', 'logger', 'stack']);
/** While brokers are away kafkajs says so ten times a second. */
const SAY_AGAIN_AFTER_MS = 30_000;

function passOn(report: Report): (entry: LogEntry) => void {
  const saidAt = new Map<string, number>();
  return ({ namespace, log }) => {
    const message = `kafkajs ${namespace}: ${log.message}`;
    const now = Date.now();
    if (now - (saidAt.get(message) ?? 0) < SAY_AGAIN_AFTER_MS) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(message, now);
    report(message, Object.fromEntries(Object.entries(log).filter(([name]) => !NOISE.has(name))));
  };
}

/** Producers in other languages may compress; gzip kafkajs reads itself, zstd Node can, for the rest see `open`. */
function readZstd(): void {
  CompressionCodecs[CompressionTypes.ZSTD] ??= () => ({
    compress: ({ buffer }: { buffer: Buffer }) => promisify(zstdCompress)(buffer),
    decompress: (buffer: Buffer) => promisify(zstdDecompress)(buffer),
  });
}

let silenced = false;

/**
 * kafkajs 2.2.4 arms a timer with a negative delay (its issue 1751); Node then says so once on stderr. It does no harm
 * but looks like one, so this one warning is dropped if kafkajs is the one to blame, and every other passes.
 */
function silenceTimerWarning(): void {
  if (silenced) return;
  silenced = true;
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]): void => {
    const fromKafkajs = args[1] === 'TimeoutNegativeWarning' && /kafkajs/.test(new Error().stack ?? '');
    if (!fromKafkajs) emit(...args);
  };
}

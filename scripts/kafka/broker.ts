import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brokerJars } from './broker-jars.ts';
import { brokerSettings, freePorts, LOG_SETTINGS, type BrokerPorts } from './broker-settings.ts';
import { answersMetadata } from './metadata-probe.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 1_000;
const PROBE_EVERY_MS = 50;
/** Another process may take a port between our look and Kafka's bind. */
const START_ATTEMPTS = 3;

/** A real single-node Apache Kafka of one's own; its data ends with it. */
export interface KafkaBroker {
  /** `host:port`, the same after `halt` and `resume`. */
  readonly brokers: string;
  /** Takes the broker away and keeps its data and its port: `cleanly` by SIGTERM, `at once` by SIGKILL. */
  halt(how?: 'cleanly' | 'at once'): Promise<void>;
  /** Brings a halted broker back; resolves when it answers. */
  resume(): Promise<void>;
  /** Ends the broker and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a broker on free ports of 127.0.0.1 and resolves when it answers a metadata request (about 4 s; the first
 * time on a machine some seconds more, to fetch the jars). It ends with this process, even if that is killed.
 * @param report told in a line about anything slow; silent by default
 * @throws Error with the broker's last words if it does not come up
 */
export async function startKafka(report: (line: string) => void = () => undefined): Promise<KafkaBroker> {
  const jars = await brokerJars(report);
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'tidings-kafka-'));
    try {
      return await bringUp(jars, folder);
    } catch (failure) {
      await rm(folder, { recursive: true, force: true });
      if (attempt === START_ATTEMPTS || !/Address already in use/.test(String(failure))) throw failure;
    }
  }
}

async function bringUp(jars: string, folder: string): Promise<KafkaBroker> {
  const ports = await freePorts();
  const settings = join(folder, 'server.properties');
  await writeFile(settings, brokerSettings(ports, join(folder, 'data')));
  await writeFile(join(folder, 'log4j2.properties'), LOG_SETTINGS);
  // Java unpacks its native compressors into its temp folder and leaves them there; so that is ours, and goes with it.
  const java = [
    ...['-cp', join(jars, '*')],
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    `-Djava.io.tmpdir=${folder}`,
    '-XX:-UsePerfData',
  ];
  const clusterId = randomBytes(16).toString('base64url');
  // With its name in one word: one id in 64 begins with a hyphen, and would be taken for an option.
  const format = ['format', `--cluster-id=${clusterId}`, '-c', settings];
  await run('java', [...java, 'kafka.tools.StorageTool', ...format]);

  const launch = (): Promise<BrokerProcess> =>
    BrokerProcess.launch([...java, '-Xmx512m', 'kafka.Kafka', settings], ports, folder);
  let current: BrokerProcess | undefined = await launch();
  return {
    brokers: `127.0.0.1:${ports.client}`,
    halt: async (how = 'cleanly') => {
      await current?.end(how === 'cleanly' ? 'SIGTERM' : 'SIGKILL');
      current = undefined;
    },
    resume: async () => {
      current ??= await launch();
    },
    stop: async () => {
      await current?.end('SIGKILL');
      current = undefined;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs Java ("$@"), says its process id, and ends it when stdin closes, which the kernel does for us however our own
 * process ends. Java itself does not care about its stdin, hence the shell in between; it also removes the data then.
 */
const KEEPER = `
exec 3<&0
"$@" 3<&- </dev/null &
java=$!
( cat <&3 >/dev/null; kill -9 $java; while kill -0 $java 2>/dev/null; do sleep 0.05; done; rm -rf "$THROWAWAY" ) 2>/dev/null &
keeper=$!
exec 3<&-
echo $java
wait $java
code=$?
kill $keeper
exit $code
`;

class BrokerProcess {
  private lastWords = '';
  private readonly ended: Promise<void>;
  private readonly javaPid: Promise<number>;
  private readonly shell: ChildProcess;

  private constructor(args: string[], folder: string) {
    // A process group of its own: ctrl-C in a terminal reaches us alone, and we end the broker in our order.
    this.shell = spawn('sh', ['-c', KEEPER, 'keeper', 'java', ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, THROWAWAY: folder },
    });
    this.shell.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-4_000);
    });
    this.shell.stdin?.on('error', () => undefined);
    this.javaPid = new Promise((resolve) => {
      this.shell.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString())));
    });
    this.ended = once(this.shell, 'exit').then(() => {
      this.shell.stdin?.destroy();
    });
  }

  static async launch(args: string[], ports: BrokerPorts, folder: string): Promise<BrokerProcess> {
    const broker = new BrokerProcess(args, folder);
    await broker.ready(ports);
    return broker;
  }

  private async ready(ports: BrokerPorts): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    let gone = false;
    void this.ended.then(() => (gone = true));
    while (!(await answersMetadata('127.0.0.1', ports.client, PROBE_TIMEOUT_MS))) {
      if (gone) throw new Error(`Kafka ended before it was ready: ${this.lastWords}`);
      if (Date.now() > deadline) {
        await this.end('SIGKILL');
        throw new Error(`Kafka did not answer in ${START_TIMEOUT_MS} ms: ${this.lastWords}`);
      }
      await wait(PROBE_EVERY_MS);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pid = await this.javaPid;
    if (this.shell.exitCode === null) process.kill(pid, signal);
    await this.ended;
  }
}

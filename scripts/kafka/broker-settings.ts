import { createServer, type AddressInfo } from 'node:net';

export interface BrokerPorts {
  client: number;
  controller: number;
}

/** Two ports that were free a moment ago. Kafka must know its own port before it binds it, so it cannot ask for 0. */
export async function freePorts(): Promise<BrokerPorts> {
  const [client, controller] = await Promise.all([freePort(), freePort()]);
  return { client, controller };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** One node that is broker and controller at once (KRaft), reachable from this machine only. */
export function brokerSettings(ports: BrokerPorts, dataFolder: string): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.client},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.client}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder,
    'offsets.topic.replication.factor': 1,
    // 50 by default, which costs a small machine a second at the first join.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Otherwise the first member of a group waits 3 s for company.
    'group.initial.rebalance.delay.ms': 0,
    // After a SIGKILL the controller waits this long before it lets the same broker in again; 9 s by default.
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 500,
    'auto.create.topics.enable': false,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Warnings and worse to stderr, where the harness keeps the last lines to say why a broker did not start. */
export const LOG_SETTINGS = `status = off
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
`;

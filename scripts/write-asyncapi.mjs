// Writes docs/asyncapi.json around the event's schema; `--check` only says whether it is fresh.
import { readFile, writeFile } from 'node:fs/promises';

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));
const { $schema, $id, ...event } = await read('../libs/contracts/schemas/metric-event.json');
const { version } = await read('../package.json');

const document = {
  asyncapi: '3.0.0',
  info: {
    title: 'Tidings: the road of events',
    version,
    description:
      'The Kafka topic from which the dispatchers read metric events. Anybody who may write to the topic may publish; ' +
      'POST /v1/events of the HTTP API (openapi.json) appends to the same topic. See EVENTS.md.',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  servers: {
    kafka: {
      host: '{broker}',
      protocol: 'kafka',
      description:
        'What KAFKA_BROKERS names; with TLS where KAFKA_TLS is true, with SASL where KAFKA_SASL_* is set.',
      variables: { broker: { default: 'localhost:9092', description: 'host:port of a broker' } },
    },
  },
  channels: {
    events: {
      address: 'tidings.events',
      title: 'Metric events',
      description:
        'Another name is set by KAFKA_TOPIC. A topic that Tidings creates has EVENT_LOG_PARTITIONS partitions and ' +
        'compression.type=uncompressed; one that exists is used as it is.',
      servers: [{ $ref: '#/servers/kafka' }],
      messages: { metricEvent: { $ref: '#/components/messages/metricEvent' } },
      bindings: { kafka: { topic: 'tidings.events', partitions: 8, bindingVersion: '0.5.0' } },
    },
  },
  operations: {
    readEvents: {
      action: 'receive',
      title: 'Read metric events',
      description:
        'Each partition in order, from the offset in PostgreSQL; offsets in the group are committed for lag tools only.',
      channel: { $ref: '#/channels/events' },
      messages: [{ $ref: '#/channels/events/messages/metricEvent' }],
      bindings: { kafka: { groupId: { type: 'string', default: 'tidings' }, bindingVersion: '0.5.0' } },
    },
  },
  components: {
    messages: {
      metricEvent: {
        name: 'metricEvent',
        title: 'Metric event',
        contentType: 'application/json',
        payload: {
          schemaFormat: 'application/schema+json;version=draft-2020-12',
          schema: { $schema, ...withInlinedName(event) },
        },
        bindings: {
          kafka: {
            key: {
              type: 'string',
              description: 'The subject of the event, UTF-8; placed by murmur2, as the Java client does.',
            },
            bindingVersion: '0.5.0',
          },
        },
        examples: event.examples.map((payload) => ({ payload })),
      },
    },
  },
};

const file = new URL('../docs/asyncapi.json', import.meta.url);
const text = `${JSON.stringify(document, null, 2)}\n`;

if (process.argv.includes('--check')) {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== text) {
    console.error('docs/asyncapi.json is not what the schema says: run node scripts/write-asyncapi.mjs');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}

/** Inside another document `#/$defs/name` would be looked for at that document's root. */
function withInlinedName({ $defs, examples: _examples, properties, ...rest }) {
  const inlined = Object.entries(properties).map(([name, { $ref, ...property }]) => [
    name,
    $ref ? { ...property, ...$defs.name } : property,
  ]);
  return { ...rest, properties: Object.fromEntries(inlined) };
}

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { KafkaEventLog } from '@app/event-log';
import type { Database } from '@app/persistence';
import { install, type Installation } from './installation';
import { judged, median, type Report } from './report';
import { RULES_PER_SUBJECT, fillWorld, resetWorld, roadEvent } from './road-world';

const EVENTS = 1_000_000;
const PARTITIONS = 8;
const ROUNDS = 3;
const APPEND = 5_000;

const run = promisify(execFile);

/**
 * From Kafka through evaluation to committed state, against a bare consumer of the same topic that only parses the
 * JSON. Each run is a process of its own, so that neither finds the other's code compiled, and they take turns;
 * planning and sending are other processes' work and do not run.
 */
export const road = {
  name: 'road',
  async run(report: Report): Promise<void> {
    await measure(20_000, report);
    await measure(200_000, report);
  },
};

async function measure(subjects: number, report: Report): Promise<void> {
  const installation = await install();
  const topic = `road-${subjects}`;
  try {
    await fill(installation, topic, subjects);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await reader('bare-reader', installation, topic, `bare-${round}`));
      await resetWorld(installation.database);
      ours.push(await reader('road-reader', installation, topic, `ours-${round}`));
      await expectTransitions(installation.database);
    }
    report(
      judged({
        bench: 'road',
        case: `rules=${subjects * RULES_PER_SUBJECT}, transitions=1%`,
        unit: 'events/s',
        ours: median(ours),
        against: 'bare kafkajs eachBatch and JSON.parse',
        theirs: median(theirs),
        goal: 0.8,
        better: 'higher',
      }),
    );
  } finally {
    await installation.end();
  }
}

async function fill({ brokers, database }: Installation, topic: string, subjects: number): Promise<void> {
  const log = new KafkaEventLog({ brokers, clientId: 'bench', topic, partitions: PARTITIONS });
  await log.open();
  await fillWorld(database, log, subjects);
  for (let n = 0; n < EVENTS; n += APPEND) {
    await log.append(Array.from({ length: APPEND }, (_, i) => roadEvent(n + i, subjects)));
  }
  await log.close();
}

/** @returns events a second, as the process says at its end */
async function reader(
  script: 'bare-reader' | 'road-reader',
  { brokers, databaseUrl }: Installation,
  topic: string,
  groupId: string,
): Promise<number> {
  const reading = { brokers, databaseUrl, topic, groupId, events: EVENTS };
  const { stdout, stderr } = await run(process.execPath, [
    resolve(__dirname, `${script}.js`),
    JSON.stringify(reading),
  ]);
  process.stderr.write(stderr);
  return Number(stdout);
}

/** A road that evaluated nothing would be the fastest: the work must be there, all of it. */
async function expectTransitions(database: Database): Promise<void> {
  const [row] = await database.query<{ alerts: number; events: number }>(
    `select (select count(*) from notifications) as alerts, (select sum(next_offset)::int from partition_offsets) as events`,
  );
  if (row?.events !== EVENTS || Math.abs(row.alerts / EVENTS - 0.01) > 0.002) {
    throw new Error(`the road did other work than meant: ${JSON.stringify(row)}`);
  }
}

import { KafkaEventLog } from '@app/event-log';
import { request, Agent } from 'node:http';
import { FakeTwilio } from '../test/harness/providers/twilio-server';
import type { Installation } from './installation';
import { percentile } from './percentile';

const SAMPLES = 500;

/** The least that the way costs: a bare produce-consume, one commit, one HTTP call, one after another. */
export interface Floor {
  p50: number;
  p99: number;
}

export async function measureFloor(installation: Installation): Promise<Floor> {
  const parts = [await logFloor(installation.brokers), await commitFloor(installation), await callFloor()];
  const sum = (share: number): number => parts.reduce((total, part) => total + percentile(part, share), 0);
  return { p50: sum(0.5), p99: sum(0.99) };
}

async function logFloor(brokers: string[]): Promise<number[]> {
  const topic = `floor-${process.pid}`;
  const log = new KafkaEventLog({ brokers, clientId: 'floor', topic, groupId: topic, partitions: 1 });
  await log.open();
  const waits: number[] = [];
  let arrived: () => void = () => undefined;
  const subscription = await log.subscribe({
    assigned: () => Promise.resolve(0),
    revoked: () => Promise.resolve(),
    batch: () => Promise.resolve(arrived()),
  });
  for (let n = 0; n < SAMPLES; n += 1) {
    const began = performance.now();
    const seen = new Promise<void>((resolve) => (arrived = resolve));
    await log.append([{ key: 'floor', value: '{}' }]);
    await seen;
    if (n > 50) waits.push(performance.now() - began);
  }
  await subscription.stop();
  await log.close();
  return waits;
}

async function commitFloor({ database }: Installation): Promise<number[]> {
  await database.query('create table if not exists floor (n int)');
  return timed(() => database.query('insert into floor values (1)'));
}

async function callFloor(): Promise<number[]> {
  const server = await new FakeTwilio().start();
  const agent = new Agent({ keepAlive: true });
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      request(`${server.url}/`, { method: 'POST', agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end('x=1');
    });
  const waits = await timed(call);
  agent.destroy();
  await server.stop();
  return waits;
}

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const began = performance.now();
    await work();
    waits.push(performance.now() - began);
  }
  return waits;
}

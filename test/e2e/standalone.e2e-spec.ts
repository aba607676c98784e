import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../harness/eventually';
import {
  familyOf,
  livingProcesses,
  StandaloneProcess,
  type StandaloneWishes,
} from '../harness/standalone-process';
import { expectDemonstration, type ExpectedAlert } from './demonstration-expectation';

jest.setTimeout(150_000);

/** What was being sent when everything was killed goes again when its lease of 20 s has ended and a sweep has come by. */
const LEASE_AND_SWEEP_MS = 45_000;

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface AlertView {
  customerId: string;
  ruleTitle: string;
  subject: string;
  openedAt: string;
  resolvedAt: string | null;
}
interface DeliveryView {
  deliveryId: string;
  state: string;
}
interface OutboxMessage {
  seq: number;
  address: string;
  body: string;
}

let home: string;
let folder: string;
let port: number;
const started: StandaloneProcess[] = [];

beforeEach(async () => {
  // A folder that others may not enter, as a home often is: root's PostgreSQL, which runs as another user, must cope.
  home = await mkdtemp(join(tmpdir(), 'tidings-standalone-'));
  folder = join(home, 'data');
  port = await freePort();
});

afterEach(async () => {
  for (const one of started.splice(0)) {
    for (const pid of await familyOf(one.pid, folder)) killIfAlive(pid);
    await one.exit;
  }
  await rm(home, { recursive: true, force: true });
});

function start(wishes: Partial<StandaloneWishes> = {}): StandaloneProcess {
  const one = new StandaloneProcess({ folder, port, ...wishes });
  started.push(one);
  return one;
}

describe('npm start', () => {
  it('plays the demonstration to its end and sends nothing twice and loses nothing, though everything is killed half-way', async () => {
    const first = start({ words: ['--speed', '30'] });
    await first.says(/Tidings is up/);
    await eventually(playedEvents, (played) => played > 8_000, 30_000);
    const family = await familyOf(first.pid, folder);
    expect(family.length).toBeGreaterThan(4); // supervisor, two programs, PostgreSQL and its workers
    for (const pid of family) killIfAlive(pid);
    await first.exit;

    const second = start({ words: ['--speed', '60'] });
    await second.says(/The demonstration goes on where it stopped/);
    await second.says(/The demonstration is over/, 45_000);
    const expected = expectDemonstration();
    // The last event is published when the demonstration says that it is over; on a busy machine it is not read yet.
    const alerts = await eventually(
      () => all<AlertView>('/v1/alerts'),
      (found) => found.length >= expected.alerts.length,
      LEASE_AND_SWEEP_MS,
    );
    expect(alerts.map(inShort).sort()).toEqual(expected.alerts.map(asView).sort());
    const deliveries = await eventually(
      () => all<DeliveryView>('/v1/deliveries'),
      (found) => found.length > 0 && found.every(({ state }) => state === 'accepted'),
      LEASE_AND_SWEEP_MS,
    );
    expect(new Set(deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(deliveries.length);

    const messages = await outbox();
    expect(countBy(messages.map(({ address }) => address))).toEqual(expected.messages);
    expect(new Set(messages.map(({ address, body }) => `${address} ${body}`)).size).toBe(messages.length);
    const survivors = await familyOf(second.pid, folder);
    second.kill('SIGINT');
    expect(await second.exit).toEqual({ code: 0, signal: null });
    await eventually(
      () => stillLiving(survivors),
      (living) => living.length === 0,
      3_000,
    );
  });

  it('ends with its parts when it is killed alone, and leaves its folder to the next', async () => {
    const first = start({ words: ['--empty'] });
    await first.says(/Tidings is up/);
    const family = await familyOf(first.pid, folder);
    first.kill('SIGKILL');
    await eventually(
      () => stillLiving(family),
      (living) => living.length === 0,
    );
    const second = start({ words: ['--empty'] });
    await second.says(/Tidings is up/);
    second.kill('SIGTERM');
    expect((await second.exit).code).toBe(0);
  });

  it('says who holds its folder, or that its port is taken, and does not start', async () => {
    const holder = start({ words: ['--empty'] });
    await holder.says(/Tidings is up/);
    const rival = start({ port: await freePort() });
    expect((await rival.exit).code).toBe(1);
    expect(rival.output).toBe(`Another instance (pid ${holder.pid}) holds ${folder}.\n`);

    const elsewhere = await mkdtemp(join(tmpdir(), 'tidings-standalone-'));
    try {
      const neighbour = start({ folder: elsewhere });
      expect((await neighbour.exit).code).toBe(1);
      expect(neighbour.output).toBe(`Port ${port} on 127.0.0.1 is taken: set PORT to another one.\n`);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('brings PostgreSQL back that ended by itself, and all of it works on', async () => {
    const one = start({ words: ['--empty'] });
    await one.says(/Tidings is up/);
    const file = join(folder, 'postgres', 'postmaster.pid');
    killIfAlive(Number((await readFile(file, 'utf8')).split('\n')[0]));
    await one.says(/PostgreSQL is back/);
    await eventually(
      () => isReady(),
      (ready) => ready,
      20_000,
    );
    one.kill('SIGTERM');
    expect(await one.exit).toEqual({ code: 0, signal: null });
  });

  it('brings a part back that ended by itself', async () => {
    const one = start({ words: ['--empty'] });
    await one.says(/Tidings is up/);
    const api = (await livingProcesses()).find(
      ({ parent, command }) => parent === one.pid && command.includes(join('apps', 'api', 'src', 'main.js')),
    );
    killIfAlive(api?.id ?? 0);
    await one.says(/api ended by itself \(signal SIGKILL\); it starts again in 0\.5 s/);
    await one.says(/api is back/);
    await eventually(
      () => isReady(),
      (ready) => ready,
    );
  });
});

async function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function playedEvents(): Promise<number> {
  const text = await readFile(join(folder, 'demonstration.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { played?: number }).played ?? 0;
}

async function adminKey(): Promise<string> {
  return (JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')) as { adminKey: string }).adminKey;
}

async function get<Body>(path: string): Promise<Body> {
  const headers = { authorization: `Bearer ${await adminKey()}` };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

async function all<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<Item> = await get<Page<Item>>(`${path}?limit=200${from}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

async function outbox(): Promise<OutboxMessage[]> {
  const messages: OutboxMessage[] = [];
  for (let after = 0; ;) {
    const { items } = await get<{ items: OutboxMessage[] }>(`/outbox/messages?after=${after}`);
    messages.push(...items);
    if (items.length === 0) return messages;
    after = Math.max(...items.map(({ seq }) => seq));
  }
}

function inShort(alert: AlertView): string {
  return [alert.customerId, alert.ruleTitle, alert.subject, alert.openedAt, alert.resolvedAt].join(' | ');
}

function asView(alert: ExpectedAlert): string {
  return [alert.customer, alert.title, alert.subject, alert.openedAt, alert.resolvedAt].join(' | ');
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function stillLiving(pids: readonly number[]): Promise<number[]> {
  const living = new Set((await livingProcesses()).map(({ id }) => id));
  return pids.filter((pid) => living.has(pid));
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile, which is what was wanted.
  }
}

async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: found } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return found;
}

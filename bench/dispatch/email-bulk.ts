import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { BroadcastControlStore, type ServiceAlertProgress } from '@app/persistence';
import { numberOption } from '../options';
import { judged, type Report } from '../report';
import { cpuSeconds, parentOf } from './cpu';
import { residentMb, startDispatcher, stop } from './child';
import { confirmToAll, fillCrowd } from './crowd';
import { ownPostgres, type OwnPostgres } from './postgres';
import { startSendGrid, type SendGridProcess } from './sendgrid-client';

const PEOPLE = 1_000_000;
const LOOK_EVERY_MS = 100;

interface Scene {
  people: number;
  postgres: OwnPostgres;
  sendgrid: SendGridProcess;
  dispatcher: ChildProcess;
  control: BroadcastControlStore;
}

/**
 * One service alert to a million customers, from its confirmation until the provider's server has the last of them: the
 * real dispatcher, PostgreSQL and the server in processes of their own, a ledger row for each. Paused and resumed on the
 * way; the time in between does not count. A second one to the same people is cancelled on its way.
 */
export const dispatchEmailBulk = {
  name: 'dispatch-email-bulk',
  async run(report: Report): Promise<void> {
    const people = numberOption('people', PEOPLE);
    const postgres = await ownPostgres();
    const sendgrid = await startSendGrid();
    await fillCrowd(postgres.database, people);
    const dispatcher = await startDispatcher({ DATABASE_URL: postgres.databaseUrl, ...sendgrid.env });
    try {
      const control = new BroadcastControlStore(postgres.database);
      const scene = { people, postgres, sendgrid, dispatcher, control };
      await measureSending(scene, report);
      await measureCancel(scene, report);
    } finally {
      await stop(dispatcher);
      sendgrid.stop();
      await postgres.end();
    }
  },
};

async function measureSending(scene: Scene, report: Report): Promise<void> {
  const { people, postgres, sendgrid, dispatcher, control } = scene;
  const name = `people=${people}`;
  const atRest = await residentMb(dispatcher);
  const before = await cpuOf(scene);
  const memory: number[] = [];
  const began = performance.now();
  const id = await confirmToAll(postgres.database);
  let pause: Stopped | null = null;
  let sent = 0;
  while (sent < people) {
    await delay(LOOK_EVERY_MS);
    memory.push(await residentMb(dispatcher));
    sent = (await sendgrid.taken()).people;
    if (!pause && sent > 0.4 * people) pause = await pauseAndResume(scene, id);
  }
  const seconds = (performance.now() - began - (pause?.tookMs ?? 0)) / 1_000;
  await settled(control, id);
  const base = { bench: 'dispatch-email-bulk', case: name } as const;
  const perSecond = { ...base, unit: 'recipients/s', better: 'higher' } as const;
  report(judged({ ...perSecond, ours: people / seconds, goal: 10_000 }));
  const after = await cpuOf(scene);
  for (const who of ['dispatcher', 'PostgreSQL', 'server', 'all'] as const)
    report(
      judged({
        ...cpuLine(people, who),
        ours: (1e6 * (after[who] - before[who])) / people,
        goal: CPU_GOALS_US[who],
      }),
    );
  await mustBeExact(scene, id);
  const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 5)));
  const late = Math.max(...memory.slice(Math.floor((memory.length * 4) / 5)));
  const mb = { bench: 'dispatch-email-bulk', unit: 'MB', better: 'lower' } as const;
  report(judged({ ...mb, case: `${name} growth, last fifth over first`, ours: late - early, goal: 32 }));
  report(judged({ ...mb, case: `${name} peak over rest`, ours: Math.max(...memory) - atRest, goal: 256 }));
  if (pause)
    report(
      judged({ ...base, case: `${name} pause`, unit: 'ms', ours: pause.ms, goal: 100, better: 'lower' }),
    );
}

type Cpu = Record<'dispatcher' | 'PostgreSQL' | 'server' | 'all', number>;

/** Two cores at 10,000 a second leave 200 microseconds for all three together. */
const CPU_GOALS_US: Cpu = { dispatcher: 100, PostgreSQL: 80, server: 60, all: 200 };

function cpuLine(people: number, who: keyof Cpu) {
  const name = `people=${people} CPU of ${who}`;
  return { bench: 'dispatch-email-bulk', case: name, unit: 'us/recipient', better: 'lower' } as const;
}

async function cpuOf({ dispatcher, postgres, sendgrid }: Scene): Promise<Cpu> {
  const [row] = await postgres.database.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = await parentOf(row?.pid ?? 0);
  const pids = [dispatcher.pid ?? 0, postmaster, sendgrid.pid];
  const [one = 0, two = 0, three = 0] = await Promise.all(pids.map(cpuSeconds));
  return { dispatcher: one, PostgreSQL: two, server: three, all: one + two + three };
}

interface Stopped {
  /** Until it was answered and, if later, until the last request had come. */
  ms: number;
  /** Until it went on. */
  tookMs: number;
}

async function pauseAndResume({ control, sendgrid, people }: Scene, id: string): Promise<Stopped> {
  const began = performance.now();
  const at = Date.now();
  if (!(await control.pause(id))) throw new Error('it could not be paused');
  const answered = performance.now() - began;
  const counts = await settled(control, id);
  const { lastAt, people: taken } = await sendgrid.taken();
  if (counts.accepted !== taken || counts.accepted + counts.notSent !== people)
    throw new Error(`paused with ${JSON.stringify(counts)} where ${taken} of ${people} had come`);
  const ms = Math.max(answered, lastAt - at);
  await delay(500);
  const later = await sendgrid.taken();
  if (later.people !== taken) throw new Error('something was sent while it was paused');
  await control.resume(id);
  return { ms, tookMs: performance.now() - began };
}

async function measureCancel(scene: Scene, report: Report): Promise<void> {
  const { people, postgres, sendgrid, control } = scene;
  const before = (await sendgrid.taken()).people;
  const id = await confirmToAll(postgres.database);
  while ((await sendgrid.taken()).people - before < 0.05 * people) await delay(LOOK_EVERY_MS / 10);
  const began = performance.now();
  const at = Date.now();
  const outcome = await control.cancel(id);
  const answered = performance.now() - began;
  const counts = await settled(control, id);
  const { lastAt, people: taken } = await sendgrid.taken();
  if (outcome.kind !== 'cancelled') throw new Error(`it was ${outcome.kind}`);
  const { cancelled, alreadyAccepted, inFlight } = outcome.counts;
  if (counts.accepted !== taken - before || cancelled + alreadyAccepted + inFlight !== people)
    throw new Error(
      `cancelled ${JSON.stringify(outcome)}, then ${JSON.stringify(counts)}, ${taken - before} had come`,
    );
  const line = {
    bench: 'dispatch-email-bulk',
    case: `people=${people} cancel`,
    unit: 'ms',
    better: 'lower',
  } as const;
  report(judged({ ...line, ours: Math.max(answered, lastAt - at), goal: 100 }));
}

/** Once nothing is being handed over. */
async function settled(
  control: BroadcastControlStore,
  id: string,
): Promise<{ accepted: number; notSent: number }> {
  for (;;) {
    const progress = (await control.progressOf([id])).get(id);
    const states = progress?.byChannel.email ?? {};
    if (progress && !states.sending) return { accepted: states.accepted ?? 0, notSent: notSentOf(progress) };
    await delay(5);
  }
}

function notSentOf({ waiting, cancelledUnplanned, byChannel }: ServiceAlertProgress): number {
  const { pending = 0, cancelled = 0 } = byChannel.email ?? {};
  return waiting + cancelledUnplanned + pending + cancelled;
}

/** Everybody has a row, once, and the server has everybody. */
async function mustBeExact({ people, postgres, sendgrid }: Scene, id: string): Promise<void> {
  const [row] = await postgres.database.query<{ rows: number; people: number }>(
    `select count(*) as rows, count(distinct customer_id) as people from broadcast_recipients r
     join service_alerts s on s.seq = r.alert_seq where s.id = $1`,
    [id],
  );
  const taken = await sendgrid.taken();
  if (row?.rows !== people || row.people !== people || taken.people !== people || taken.refused > 0)
    throw new Error(`not exact: ${JSON.stringify({ ...row, taken })}`);
}

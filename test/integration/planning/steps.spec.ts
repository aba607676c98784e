import type { Channel, FallbackStep } from '@app/contracts';
import { PeopleToTell, PlanningCrew } from '../../harness/planning-crew';
import { SeededRandom } from '../../harness/seeded-random';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const MINUTE = 60_000;
const STEPS: FallbackStep[] = [
  { channels: ['push'], waitMs: 10 * MINUTE, stopOn: 'seen' },
  { channels: ['sms', 'chat'], waitMs: 5 * MINUTE, stopOn: 'delivered' },
  { channels: ['email'], waitMs: 15 * MINUTE, stopOn: 'accepted' },
  { channels: ['voice'], waitMs: 0, stopOn: 'accepted' },
];
const ROUNDS = 26;
type Told = Channel;

/** What should become of one notification, in a few lines and without a database. */
class ModelNotification {
  step = 0;
  dueAt: number;
  isOver = false;
  readonly became = new Map<Told, string>();

  constructor(now: number) {
    this.dueAt = now + 10 * MINUTE;
  }

  get told(): Told[] {
    const channels = STEPS.slice(0, this.step + 1).flatMap((step) => step.channels as Told[]);
    return [...channels, 'inbox' as const].sort();
  }

  /** Where the steps stand at an instant, once everybody has done their work. */
  turnTo(now: number): void {
    while (!this.isOver && (now >= this.dueAt || this.isHopeless())) {
      this.isOver = this.isMet() || this.step === STEPS.length - 1;
      if (this.isOver) return;
      this.step += 1;
      this.dueAt = now + (STEPS[this.step]?.waitMs ?? 0);
    }
  }

  private isHopeless(): boolean {
    return this.channelsNow().every((channel) => this.became.get(channel) === 'failed');
  }

  channelsNow(): Told[] {
    return STEPS[this.step]?.channels ?? [];
  }

  private isMet(): boolean {
    if ([...this.became.values()].includes('seen')) return true;
    const stopOn = STEPS[this.step]?.stopOn;
    return this.channelsNow().some((channel) => {
      const became = this.became.get(channel) ?? 'accepted';
      return stopOn === 'accepted' ? became !== 'failed' : became === stopOn;
    });
  }
}

let own: TestDatabase;
let crew: PlanningCrew;
let people: PeopleToTell;
const random = new SeededRandom(3);

beforeEach(async () => {
  own = await createTestDatabase();
  crew = await PlanningCrew.assemble(own, { workers: 4, crashChance: 0.05, seed: 3 });
  people = new PeopleToTell(own.database);
});

afterEach(async () => {
  await crew.dismiss();
  await own.drop();
});

/** Nothing is left waiting: every provider has taken what it was given. */
const sendAll = (): Promise<unknown> =>
  own.database.query(
    `update deliveries set state = 'accepted', lease_epoch = greatest(lease_epoch, 1) where state in ('pending', 'sending')`,
  );

const become = async (notificationId: string, channel: Told, news: string): Promise<void> => {
  if (channel === 'inbox') {
    await own.database.query(
      `insert into inbox_messages (delivery_id, customer_id, subject, body, read_at)
       select id, customer_id, '', '', now() from deliveries where notification_id = $1 and channel = 'inbox'
       on conflict do nothing`,
      [notificationId],
    );
    return;
  }
  const set = news === 'failed' ? `state = 'failed'` : `receipt = '${news}'`;
  await own.database.query(`update deliveries set ${set} where notification_id = $1 and channel = $2`, [
    notificationId,
    channel,
  ]);
};

/** Something becomes of one message of a notification, in the store and in the model. */
const hear = async (id: string, notification: ModelNotification): Promise<void> => {
  const channel = random.of(random.happens(0.7) ? notification.channelsNow() : notification.told);
  if (notification.became.has(channel)) return;
  const news = channel === 'inbox' ? 'seen' : random.of(['failed', 'failed', 'delivered', 'seen']);
  notification.became.set(channel, news);
  await become(id, channel, news);
};

const toldBy = async (): Promise<Map<string, Told[]>> => {
  const rows = await own.database.query<{ id: string; told: Told[] }>(
    `select notification_id as id, array_agg(channel order by channel collate "C") as told from deliveries group by 1`,
  );
  return new Map(rows.map(({ id, told }) => [id, told]));
};

describe('steps, with four dispatchers at once who crash at any point', () => {
  it('each come once: when due, or at once where the one before failed, and never after the goal was met', async () => {
    await people.person('ann', {
      channels: ['push', 'sms', 'chat', 'email', 'voice'],
      sheet: { steps: STEPS },
    });
    const model = new Map<string, ModelNotification>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let n = random.whole(4); n > 0; n -= 1)
        model.set(await people.notify('ann'), new ModelNotification(crew.clock.now));
      await crew.untilQuiet();
      await sendAll();
      for (const [id, notification] of model) if (random.happens(0.6)) await hear(id, notification);
      if (random.happens(0.5)) await people.changeSheet('ann', { steps: STEPS });
      crew.clock.now += random.whole(7 * MINUTE);
      await crew.untilQuiet();
      for (const notification of model.values()) notification.turnTo(crew.clock.now);
      const told = await toldBy();
      for (const [id, notification] of model) expect(told.get(id)).toEqual(notification.told);
      await sendAll();
    }
    const reached = [...model.values()].map(({ step }) => step);
    expect(new Set(reached).size).toBe(STEPS.length);
    expect(
      [...model.values()].filter(({ isOver, step }) => isOver && step < STEPS.length - 1).length,
    ).toBeGreaterThan(0);
    expect(crew.crashes).toBeGreaterThan(10);
  }, 120_000);
});

import { readFileSync } from 'node:fs';
import { startApi, type TestApi } from '../../harness/api-app';
import { PeopleToTell, PlanningCrew } from '../../harness/planning-crew';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const DOCUMENT = readFileSync('docs/PREFERENCES.md', 'utf8');

interface Example {
  title: string;
  sheet: unknown;
  rows: { at: number; channel: string; why: string }[];
}

/** Berlin is an hour ahead in winter, when all examples play. */
function examplesOf(document: string): Example[] {
  return document.split(/^## /m).flatMap((section) => {
    const parts = section.split(/^```json sheet\n/m).slice(1);
    return parts.map((part, index) => ({
      title: `${section.split('\n')[0]} ${index + 1}`,
      sheet: JSON.parse(part.slice(0, part.indexOf('```'))) as unknown,
      rows: [...part.matchAll(/^\| (\d{4}-\d\d-\d\d) (\d\d:\d\d) \| (\w+) \| (.+) \|$/gm)].map(
        ([, date, time, channel = '', why = '']) => ({
          at: Date.parse(`${date}T${time}:00+01:00`),
          ...{ channel, why },
        }),
      ),
    }));
  });
}

interface Why {
  why: { channel: string; words: string; isCurrent: boolean }[];
}

let own: TestDatabase;
let api: TestApi;
let crew: PlanningCrew;
let people: PeopleToTell;
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  crew = await PlanningCrew.assemble(own, { workers: 1, crashChance: 0, seed: 1 });
  people = new PeopleToTell(own.database);
});
afterAll(async () => {
  await crew.dismiss();
  await api.close();
  await own.drop();
});

const examples = examplesOf(DOCUMENT).map((example, number) => ({ ...example, number }));

describe('docs/PREFERENCES.md', () => {
  it('has an example for each kind of choice', () => {
    expect(examples.map(({ title }) => title)).toEqual([
      ...['Quiet hours 1', 'Quiet hours 2', 'Digests 1', 'Caps 1', 'An order of channels 1'],
    ]);
    expect(examples.every(({ rows }) => rows.length > 0)).toBe(true);
  });

  it.each(examples)('says of $title what the API says', async ({ number, sheet, rows }) => {
    const customerId = `sleeper-${number}`; // of those who are told in the first minute, as the document says
    await people.person(customerId);
    const path = `/v1/customers/${customerId}`;
    const body = { version: 0, sheet };
    const saved = await api.call(api.systemKey, { method: 'PUT', path: `${path}/preference-sheet`, body });
    expect(saved).toMatchObject({ status: 200, body: { version: 1, sheet, timeZone: 'Europe/Berlin' } });

    const told = new Map<number, string>();
    for (const { at } of rows) {
      if (told.has(at)) continue;
      crew.clock.now = at;
      told.set(at, await people.notify(customerId));
      await crew.workers[0]?.plan();
    }
    for (const { at, channel, why } of rows) {
      const { body: answer } = await api.call<Why>(api.systemKey, {
        path: `${path}/notifications/${told.get(at)}/why`,
      });
      const decision = answer.why.find((each) => each.channel === channel && each.isCurrent);
      // What becomes of it afterwards is not the document's matter.
      expect(decision?.words.startsWith(why) ? why : decision?.words).toBe(why);
    }
  });

  it('shows a policy that the API takes', async () => {
    const [, json = ''] = /^```json topic\n(.*?)^```/ms.exec(DOCUMENT) ?? [];
    const policy = JSON.parse(json) as Record<string, unknown>;
    const path = '/v1/topics/card-security';
    const saved = await api.call(api.adminKey, { method: 'PUT', path, body: policy });
    expect(saved.status).toBe(200);
    expect(saved.body).toMatchObject({ ...policy, steps: expect.any(Array) as unknown[] });
  });
});

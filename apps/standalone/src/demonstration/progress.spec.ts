import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgressFile } from './progress';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tidings-progress-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = { played: 0, isSetUp: false, serviceAlertId: null, isServiceAlertSent: false };
const embedded = (port: number): string => `postgres://tidings:secret@127.0.0.1:${port}/tidings`;

describe('the progress of the demonstration', () => {
  it('starts with nothing', async () => {
    expect((await ProgressFile.open(folder, embedded(1))).now).toEqual(nothing);
  });

  it('survives a restart, at which the embedded database has another port', async () => {
    const first = await ProgressFile.open(folder, embedded(5001));
    await first.record({ isSetUp: true });
    await first.record({ played: 1234, serviceAlertId: 'abc' });
    expect((await ProgressFile.open(folder, embedded(5002))).now).toEqual({
      played: 1234,
      isSetUp: true,
      serviceAlertId: 'abc',
      isServiceAlertSent: false,
    });
    expect(await readdir(folder)).toEqual(['demonstration.json']);
  });

  it('does not count for another database', async () => {
    const first = await ProgressFile.open(folder, embedded(5001));
    await first.record({ played: 1234 });
    const other = await ProgressFile.open(folder, 'postgres://me@db.example.com/tidings');
    expect(other.now).toEqual(nothing);
  });

  it.each(['', '{"played":', '[]', '{"played":"7"}'])('starts anew where the file says %j', async (text) => {
    await writeFile(join(folder, 'demonstration.json'), text);
    expect((await ProgressFile.open(folder, embedded(1))).now).toEqual(nothing);
  });
});

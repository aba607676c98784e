import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeFolder } from './folder-lock';
import { startOfProcess } from './process-identity';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tidings-lock-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const writeOwner = (pid: number, startedAs: string): Promise<void> =>
  writeFile(join(folder, 'lock'), JSON.stringify({ pid, startedAs }));

async function withLivingProcess(use: (pid: number) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    await use(child.pid ?? 0);
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

describe('a data folder', () => {
  it('belongs to one instance at a time, and is free again after it', async () => {
    const first = await takeFolder(folder);
    expect(first.held).toBe(true);
    expect(await takeFolder(folder)).toEqual({ held: false, byPid: process.pid });
    if (first.held) await first.release();
    expect((await takeFolder(folder)).held).toBe(true);
  });

  it('is given to exactly one of many that ask at once for the folder of a dead owner', async () => {
    await writeOwner(2 ** 22 + 1, 'long ago');
    const answers = await Promise.all(Array.from({ length: 12 }, () => takeFolder(folder)));
    expect(answers.filter((answer) => answer.held)).toHaveLength(1);
  });

  it('is refused while its owner lives, by the number of the owner', async () => {
    await withLivingProcess(async (pid) => {
      await writeOwner(pid, (await startOfProcess(pid)) ?? '');
      expect(await takeFolder(folder)).toEqual({ held: false, byPid: pid });
    });
  });

  it('is not kept by a stranger that was given the number of a dead owner', async () => {
    await withLivingProcess(async (pid) => {
      await writeOwner(pid, 'another boot 12345');
      expect((await takeFolder(folder)).held).toBe(true);
    });
  });

  it('is taken over from an owner that was killed', async () => {
    let killed = 0;
    await withLivingProcess(async (pid) => {
      killed = pid;
      await writeOwner(pid, (await startOfProcess(pid)) ?? '');
    });
    expect(await startOfProcess(killed)).toBeNull();
    expect((await takeFolder(folder)).held).toBe(true);
  });

  it('holds nothing but the lock afterwards, even where the lock was no text of ours', async () => {
    await writeFile(join(folder, 'lock'), '{"pid":');
    expect((await takeFolder(folder)).held).toBe(true);
    expect(await readdir(folder)).toEqual(['lock']);
  });
});

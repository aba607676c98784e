import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfProcess } from './process-identity';

export type FolderLock = { held: true; release: () => Promise<void> } | { held: false; byPid: number };

interface Owner {
  pid: number;
  startedAs: string;
}

/**
 * Takes a data folder for this process. The owner is named by its number and its start, so that neither a
 * killed owner nor a stranger that got its number later keeps the folder locked.
 */
export async function takeFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'lock');
  const mine = join(folder, `lock-${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(mine, JSON.stringify(await describeMyself()), { mode: 0o600 });
  try {
    for (;;) {
      // A link appears whole or not at all, and never replaces another.
      if (await linked(mine, lock)) return { held: true, release: () => rm(lock, { force: true }) };
      const seen = await readOwner(lock);
      if (seen.owner && (await startOfProcess(seen.owner.pid)) === seen.owner.startedAs) {
        return { held: false, byPid: seen.owner.pid };
      }
      await removeStale(lock, seen.text);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function describeMyself(): Promise<Owner> {
  return { pid: process.pid, startedAs: (await startOfProcess(process.pid)) ?? '' };
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function readOwner(lock: string): Promise<{ text: string; owner: Owner | null }> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  try {
    const { pid, startedAs } = JSON.parse(text) as Owner;
    return { text, owner: Number.isInteger(pid) ? { pid, startedAs } : null };
  } catch {
    return { text, owner: null };
  }
}

/** Two successors may find the same stale lock; moving it aside first, neither removes the other's new one. */
async function removeStale(lock: string, staleText: string): Promise<void> {
  const aside = `${lock}-stale-${randomBytes(4).toString('hex')}`;
  await rename(lock, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => staleText);
  if (moved !== staleText) await linked(aside, lock);
  await rm(aside, { force: true });
}

import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface Process {
  parent: number;
  /** Seconds of its own, and with all its ended children. */
  own: number;
  withEnded: number;
}

async function look(pid: number): Promise<Process | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name in parentheses may hold blanks; what follows does not.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
    (n) => fields[n],
  );
  const own = (user + system) / TICKS_PER_SECOND;
  return { parent, own, withEnded: own + (endedUser + endedSystem) / TICKS_PER_SECOND };
}

/** Seconds of CPU that a process has used, and its children with it, those that have ended included. */
export async function cpuSeconds(pid: number): Promise<number> {
  const root = await look(pid);
  const others = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(others.map((name) => look(Number(name))));
  const children = found.reduce((sum, each) => sum + (each?.parent === pid ? each.own : 0), 0);
  return (root?.withEnded ?? 0) + children;
}

export async function parentOf(pid: number): Promise<number> {
  return (await look(pid))?.parent ?? 0;
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What tells one run of a process from a later one that was given the same number: when it started.
 * @returns null if no such process lives; a zombie does not live
 */
export async function startOfProcess(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return startOnLinux(pid);
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() || null;
}

/** The kernel counts from its own boot, so the boot's id belongs to the answer. See proc(5), /proc/pid/stat. */
async function startOnLinux(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (!startTicks || state === 'Z' || state === 'X') return null;
  return `${boot.trim()} ${startTicks}`;
}

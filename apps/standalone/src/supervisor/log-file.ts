import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes; a longer log is set aside at the next start, and only the one before is kept. */
const ROTATE_AT = 20 * 1024 * 1024;

/** Opens a log to write on at its end. */
export async function openLog(file: string): Promise<{ handle: FileHandle; size: number }> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await stat(file).catch(() => null);
  if (before && before.size > ROTATE_AT) await rename(file, `${file}.1`);
  const handle = await open(file, 'a', 0o600);
  return { handle, size: (await handle.stat()).size };
}

import { readFile } from 'node:fs/promises';

/**
 * The end of a log file for a person: of each JSON line what it says, of each other line all of it.
 * @param from byte where the run in question began
 */
export async function lastWords(file: string, from: number, lines = 12): Promise<string[]> {
  const content = await readFile(file).catch(() => Buffer.alloc(0));
  const text = content.subarray(Math.min(from, content.length)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .map(inWords);
}

/** An error as pino writes it. */
interface Told {
  message?: string;
  stack?: string;
}

function inWords(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, err, error } = JSON.parse(line) as { msg?: string; err?: Told; error?: Told };
    const cause = err ?? error;
    return [msg, cause?.stack ?? cause?.message].filter(Boolean).join(': ') || line;
  } catch {
    return line;
  }
}

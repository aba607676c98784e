import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How far the demonstration has come; what is lost of it is done again, which is harmless. */
export interface Progress {
  /** Events of the timeline that the API has taken. */
  played: number;
  isSetUp: boolean;
  serviceAlertId: string | null;
  isServiceAlertSent: boolean;
}

const NOTHING: Progress = { played: 0, isSetUp: false, serviceAlertId: null, isServiceAlertSent: false };

/** Keeps progress in the data folder; progress made with another database does not count. */
export class ProgressFile {
  private constructor(
    private readonly file: string,
    private readonly database: string,
    private progress: Progress,
  ) {}

  static async open(folder: string, databaseUrl: string): Promise<ProgressFile> {
    const file = join(folder, 'demonstration.json');
    const database = nameOf(databaseUrl);
    const text = await readFile(file, 'utf8').catch(() => '');
    return new ProgressFile(file, database, readProgress(text, database));
  }

  get now(): Readonly<Progress> {
    return this.progress;
  }

  /** The file is replaced whole, so that a crash leaves the old one or the new one. */
  async record(change: Partial<Progress>): Promise<void> {
    this.progress = { ...this.progress, ...change };
    const draft = `${this.file}.new`;
    await writeFile(draft, `${JSON.stringify({ ...this.progress, database: this.database })}\n`);
    await rename(draft, this.file);
  }
}

/** @returns no progress at all where the text is not ours or tells of another database */
export function readProgress(text: string, database: string): Progress {
  try {
    const found = JSON.parse(text) as Partial<Progress> & { database?: string };
    if (found.database !== database || !Number.isInteger(found.played)) return { ...NOTHING };
    return {
      played: found.played ?? 0,
      isSetUp: found.isSetUp === true,
      serviceAlertId: found.serviceAlertId ?? null,
      isServiceAlertSent: found.isServiceAlertSent === true,
    };
  } catch {
    return { ...NOTHING };
  }
}

/** The embedded database has another port at every start, and its folder is this one: its port is left out. */
function nameOf(databaseUrl: string): string {
  const { host, hostname, pathname, username } = new URL(databaseUrl);
  const place = hostname === '127.0.0.1' ? hostname : host;
  return createHash('sha256').update(`${username}@${place}${pathname}`).digest('hex').slice(0, 16);
}

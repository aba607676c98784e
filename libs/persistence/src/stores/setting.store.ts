import type { Database } from '../database';

/** Facts about the installation that outlive a process. */
export class SettingStore {
  constructor(private readonly database: Database) {}

  async read(name: string): Promise<string | null> {
    const [row] = await this.database.query<{ value: string }>('select value from settings where name = $1', [
      name,
    ]);
    return row?.value ?? null;
  }

  async write(name: string, value: string): Promise<void> {
    await this.database.query(
      `insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`,
      [name, value],
    );
  }

  /** Keeps a value unless there is one already, whoever else does so at the same moment. @returns the one that stands */
  async keepFirst(name: string, value: string): Promise<string> {
    await this.database.query(
      'insert into settings (name, value) values ($1, $2) on conflict (name) do nothing',
      [name, value],
    );
    return (await this.read(name)) ?? value;
  }
}

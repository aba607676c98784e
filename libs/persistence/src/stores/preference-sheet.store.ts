import type { Preference, PreferenceSheet } from '@app/contracts';
import type { Database, Queryable } from '../database';
import { audit } from './audit.store';
import { lockCustomer } from './owned-instances';
import { sheetChanges, switchChanges } from './preference-changes';
import { replan } from './replan';

export interface KeptSheet {
  sheet: PreferenceSheet;
  /** 0 where none was ever saved. */
  version: number;
  updatedAt: Date | null;
  /** The customer's, in which the sheet is read. */
  timeZone: string;
}

/** What a customer has switched, topic by channel, and the sheet of everything else they chose. */
export class PreferenceSheetStore {
  constructor(private readonly database: Database) {}

  async find(customerId: string): Promise<Preference[]> {
    return switchesOf(this.database, customerId);
  }

  /** Topics that the customer's own rules have named. */
  async topicsOfRules(customerId: string): Promise<string[]> {
    const rows = await this.database.query<{ topic: string }>(
      `select distinct topic from rules where customer_id = $1 and status <> 'removed' order by topic`,
      [customerId],
    );
    return rows.map((row) => row.topic);
  }

  /** @throws where there is no such customer: the guard has looked */
  async sheetOf(customerId: string): Promise<KeptSheet> {
    const [row] = await this.database.query<KeptSheet>(
      `select coalesce(s.sheet, '{}') as sheet, coalesce(s.version, 0) as version, s.updated_at as "updatedAt",
         c.time_zone as "timeZone"
       from customers c left join preference_sheets s on s.customer_id = c.id where c.id = $1`,
      [customerId],
    );
    if (!row) throw new Error('a sheet needs its customer');
    return row;
  }

  /**
   * Counts for everything that has not gone out yet, and is audited with what was there before.
   * @param change `version`: the one that the change was made from; `actor`: who makes it
   * @returns the new version; null if somebody else changed the sheet since
   */
  async saveSheet(
    customerId: string,
    { version, sheet, actor }: { version: number; sheet: PreferenceSheet; actor: string },
  ): Promise<number | null> {
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const [before] = await transaction.query<{ sheet: PreferenceSheet }>(
        'select sheet from preference_sheets where customer_id = $1',
        [customerId],
      );
      const saved = await saveOver(transaction, customerId, version, JSON.stringify(sheet));
      if (saved === null) return null;
      await replan(transaction, customerId);
      const detail = { from: version, to: saved, changed: sheetChanges(before?.sheet ?? {}, sheet) };
      await audit(transaction, [{ actor, action: 'preferenceSheet.changed', customerId, detail }]);
      return saved;
    });
  }

  /**
   * These and no others: what is not named returns to its default. Counts for everything that has not gone out yet.
   * Only real changes are audited.
   */
  async replace(customerId: string, preferences: readonly Preference[], actor: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, customerId);
      const changed = switchChanges(await switchesOf(transaction, customerId), preferences);
      if (changed.length === 0) return;
      await replaceAll(transaction, customerId, preferences);
      await replan(transaction, customerId);
      await audit(transaction, [{ actor, action: 'preference.changed', customerId, detail: { changed } }]);
    });
  }
}

function switchesOf(database: Queryable, customerId: string): Promise<Preference[]> {
  return database.query<Preference>(
    `select topic, channel, enabled from preferences where customer_id = $1 order by topic, channel`,
    [customerId],
  );
}

async function replaceAll(
  transaction: Queryable,
  customerId: string,
  preferences: readonly Preference[],
): Promise<void> {
  const topics = preferences.map((preference) => preference.topic);
  const channels = preferences.map((preference) => preference.channel);
  await transaction.query(
    `delete from preferences p where customer_id = $1 and not exists (
       select 1 from unnest($2::text[], $3::text[]) as s (topic, channel)
       where s.topic = p.topic and s.channel = p.channel)`,
    [customerId, topics, channels],
  );
  await transaction.query(
    `insert into preferences (customer_id, topic, channel, enabled)
     select $1, topic, channel, enabled
     from unnest($2::text[], $3::text[], $4::boolean[]) as s (topic, channel, enabled)
     on conflict (customer_id, topic, channel) do update
       set enabled = excluded.enabled, updated_at = now()`,
    [customerId, topics, channels, preferences.map((preference) => preference.enabled)],
  );
}

async function saveOver(
  transaction: Queryable,
  customerId: string,
  version: number,
  sheet: string,
): Promise<number | null> {
  const [row] =
    version === 0
      ? await transaction.query<{ version: number }>(
          `insert into preference_sheets (customer_id, sheet) values ($1, $2)
           on conflict (customer_id) do nothing returning version`,
          [customerId, sheet],
        )
      : await transaction.query<{ version: number }>(
          `update preference_sheets set sheet = $2, version = version + 1, updated_at = now()
           where customer_id = $1 and version = $3 returning version`,
          [customerId, sheet, version],
        );
  return row?.version ?? null;
}

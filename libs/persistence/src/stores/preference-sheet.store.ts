import type { Preference } from '@app/contracts';
import type { Database } from '../database';

/** What a customer has switched, topic by channel. */
export class PreferenceSheetStore {
  constructor(private readonly database: Database) {}

  async find(customerId: string): Promise<Preference[]> {
    return this.database.query<Preference>(
      `select topic, channel, enabled from preferences where customer_id = $1 order by topic, channel`,
      [customerId],
    );
  }

  /** Topics that the customer's own rules have named. */
  async topicsOfRules(customerId: string): Promise<string[]> {
    const rows = await this.database.query<{ topic: string }>(
      `select distinct topic from rules where customer_id = $1 and status <> 'removed' order by topic`,
      [customerId],
    );
    return rows.map((row) => row.topic);
  }

  /** These and no others: what is not named returns to its default. Counts for everything planned from now on. */
  async replace(customerId: string, preferences: readonly Preference[]): Promise<void> {
    const topics = preferences.map((preference) => preference.topic);
    const channels = preferences.map((preference) => preference.channel);
    await this.database.transaction(async (transaction) => {
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
    });
  }
}

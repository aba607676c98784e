import type { TopicPolicy } from '@app/contracts';
import type { Database } from '../database';
import { audit } from './audit.store';

/** What admins decided about topics. Everything that is planned from then on goes by it. */
export class TopicStore {
  constructor(private readonly database: Database) {}

  /** By name. */
  async list(): Promise<TopicPolicy[]> {
    const rows = await this.database.query<PolicyRow>(`${POLICIES} order by name`);
    return rows.map(policyOf);
  }

  async find(topic: string): Promise<TopicPolicy | null> {
    const [row] = await this.database.query<PolicyRow>(`${POLICIES} where name = $1`, [topic]);
    return row ? policyOf(row) : null;
  }

  /** @param actor for the audit: who takes a switch from customers must be known */
  async save({ topic, ...policy }: TopicPolicy, actor: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(
        `insert into topics (name, policy) values ($1, $2)
         on conflict (name) do update set policy = excluded.policy, updated_at = now()`,
        [topic, JSON.stringify(policy)],
      );
      const detail = { topic, isCritical: policy.isCritical, criticalReason: policy.criticalReason };
      await audit(transaction, [{ actor, action: 'topic.saved', customerId: null, detail }]);
    });
  }

  /** The topic is told by default again. @returns false where there was nothing to take away */
  async remove(topic: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const gone = await transaction.query('delete from topics where name = $1 returning name', [topic]);
      if (gone.length === 0) return false;
      await audit(transaction, [{ actor, action: 'topic.removed', customerId: null, detail: { topic } }]);
      return true;
    });
  }
}

interface PolicyRow {
  name: string;
  policy: Omit<TopicPolicy, 'topic'>;
}

const POLICIES = 'select name, policy from topics';

function policyOf({ name, policy }: PolicyRow): TopicPolicy {
  return { topic: name, ...policy };
}

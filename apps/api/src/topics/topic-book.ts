import type { TopicPolicy } from '@app/contracts';
import { TopicStore } from '@app/persistence';
import { DEFAULT_POLICIES, defaultPolicy } from '@app/preferences';

/** Topics as they hold: the admin's decisions, and the defaults for the rest. */
export class TopicBook {
  constructor(private readonly store: TopicStore) {}

  /**
   * Those that exist for everybody, then the admins' by name, then the named ones that nobody has written down.
   * @param named by a customer's rules and switches
   */
  async known(named: readonly string[] = []): Promise<TopicPolicy[]> {
    const written = new Map((await this.store.list()).map((policy) => [policy.topic, policy]));
    const names = [...DEFAULT_POLICIES.map(({ topic }) => topic), ...written.keys(), ...[...named].sort()];
    return [...new Set(names)].map((topic) => written.get(topic) ?? defaultPolicy(topic));
  }

  async find(topic: string): Promise<TopicPolicy> {
    return (await this.store.find(topic)) ?? defaultPolicy(topic);
  }

  /** Topics that cannot be switched off, with the reason that customers are told. */
  async critical(): Promise<Map<string, string>> {
    const known = await this.known();
    return new Map(
      known.filter(({ isCritical }) => isCritical).map((each) => [each.topic, each.criticalReason]),
    );
  }
}

import type { Database, InstanceStore } from '@app/persistence';

/** Changes that come together are applied together; far below the second that is promised. */
const GATHER_MS = 10;

/** Revisions are given before they are committed, so a late one may lie below the highest seen. */
const OVERLAP = 1_000;

/** Tells which rules changed: by NOTIFY as it happens, and by revision for what was missed while away. */
export class RuleChangeFeed {
  private readonly waiting = new Set<string>();
  private revision = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopListening: () => Promise<void> = () => Promise.resolve();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly instances: InstanceStore,
    private readonly apply: (ruleIds: readonly string[]) => Promise<void>,
  ) {}

  async open(database: Database): Promise<void> {
    const [newest] = await database.query<{ revision: number | null }>(
      'select max(revision) as revision from rules',
    );
    this.revision = newest?.revision ?? 0;
    this.stopListening = await database.listen(
      'rule_changed',
      (ruleId) => this.gather([ruleId]),
      () => this.catchUp(),
    );
  }

  async close(): Promise<void> {
    await this.stopListening();
    clearTimeout(this.timer);
    await this.running;
  }

  private gather(ruleIds: readonly string[]): void {
    for (const ruleId of ruleIds) this.waiting.add(ruleId);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const ids = [...this.waiting];
      this.waiting.clear();
      // A failure here is a store that is away: the listener reconnects with it and catches up.
      this.running = this.running.then(() => this.apply(ids)).catch(() => this.gather(ids));
    }, GATHER_MS);
  }

  private catchUp(): void {
    this.running = this.running
      .then(async () => {
        const changed = await this.instances.rulesChangedSince(this.revision - OVERLAP);
        this.revision = changed.at(-1)?.revision ?? this.revision;
        if (changed.length > 0) this.gather(changed.map((rule) => rule.ruleId));
      })
      .catch(() => undefined);
  }
}

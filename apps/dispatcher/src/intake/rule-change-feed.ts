import type { Database, InstanceStore } from '@app/persistence';

/** Changes that come together are applied together; far below the second that is promised. */
const GATHER_MS = 10;

/** A store that is away is asked again after this. */
const AFTER_TROUBLE_MS = 500;

/** Revisions are given before they are committed, so a late one may lie below the highest seen. */
const OVERLAP = 1_000;

/** Tells which rules changed: by NOTIFY as it happens, and by revision for what was missed while away. */
export class RuleChangeFeed {
  private readonly waiting = new Set<string>();
  private revision = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopListening: () => Promise<void> = () => Promise.resolve();
  private readonly running = new Set<Promise<void>>();
  private catchUpTimer: NodeJS.Timeout | undefined;
  private closed = false;

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
    this.closed = true;
    await this.stopListening();
    clearTimeout(this.timer);
    clearTimeout(this.catchUpTimer);
    await Promise.all(this.running);
  }

  private gather(ruleIds: readonly string[], waitMs = GATHER_MS): void {
    for (const ruleId of ruleIds) this.waiting.add(ruleId);
    if (this.closed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const ids = [...this.waiting];
      this.waiting.clear();
      // Not awaited: a partition that waits for the store must not keep the others from their rules.
      this.track(this.apply(ids).catch(() => this.gather(ids, AFTER_TROUBLE_MS)));
    }, waitMs);
  }

  private catchUp(): void {
    const asked = this.instances.rulesChangedSince(this.revision - OVERLAP).then((changed) => {
      this.revision = changed.at(-1)?.revision ?? this.revision;
      if (changed.length > 0) this.gather(changed.map((rule) => rule.ruleId));
    });
    this.track(asked.catch(() => this.catchUpLater()));
  }

  /** What changed while nobody listened is asked for until there is an answer. */
  private catchUpLater(): void {
    clearTimeout(this.catchUpTimer);
    if (!this.closed) this.catchUpTimer = setTimeout(() => this.catchUp(), AFTER_TROUBLE_MS);
  }

  private track(work: Promise<void>): void {
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
  }
}

import type { InstanceChange, PartitionMatcher } from '@app/rules';
import type { Raised, Reminder } from '../pipeline/raise-alerts';
import { raiseAlertsOf, remindOf } from '../pipeline/raise-alerts-of';
import { lastStates, pagesOf, type CausedChanges } from './batch-effects';
import type { EffectsToCommit, PartitionLedger } from './partition-ledger';
import type { AppliedChanges } from './rule-changes';
import type { WorkerSurroundings } from './worker-surroundings';

/** Changes with their causes, and what was refused among them. */
type Caused = CausedChanges & Pick<EffectsToCommit, 'deadLetters'>;

/** What events, timers, rule changes and due notices of one partition do, on its way to the ledger. */
export class PartitionEffects {
  constructor(
    private readonly matcher: PartitionMatcher,
    private readonly ledger: PartitionLedger,
    private readonly around: WorkerSurroundings,
  ) {}

  /** Commits up to what was walked. */
  async commit(caused: Caused, signal: AbortSignal): Promise<void> {
    this.forget(await this.ledger.commit(this.effectsOf(caused), signal));
  }

  async commitPart(caused: Caused, signal: AbortSignal, to: number): Promise<void> {
    this.forget(await this.ledger.commitPart(this.effectsOf(caused), signal, to));
  }

  /** @param to offset of the event that changed so much: it stays unread until all of it is committed */
  async commitPages(pages: readonly CausedChanges[], signal: AbortSignal, to: number): Promise<void> {
    for (const page of pages.slice(0, -1)) await this.commitPart({ ...page, deadLetters: [] }, signal, to);
    const last = pages.at(-1);
    if (last) await this.commit({ ...last, deadLetters: [] }, signal);
  }

  async commitTimers(changes: InstanceChange[], signal: AbortSignal): Promise<void> {
    const now = this.around.now();
    const pages = await pagesOf({ changes, causedAt: changes.map(() => now) });
    await this.commitPages(pages, signal, this.ledger.readTo);
    this.around.metrics.countChanges(changes);
  }

  /** Tells what is due to be told without any change. */
  async remind(reminders: readonly Reminder[], signal: AbortSignal): Promise<void> {
    if (reminders.length === 0) return;
    const raise = (): Promise<Raised> => remindOf(reminders, this.around.stores.alerts);
    this.forget(await this.ledger.commit({ states: [], deadLetters: [], raise }, signal));
  }

  async persist(applied: AppliedChanges, signal: AbortSignal): Promise<void> {
    const { states, changes, ended, notices, versions, toRemind } = applied;
    const now = this.around.now();
    const occasion = { kind: 'mutesChanged', at: now } as const;
    await this.remind(
      toRemind.map((instanceId) => ({ instanceId, occasion })),
      signal,
    );
    if (states.length === 0 && notices.length === 0) return;
    const causedAt = changes.map(() => now);
    const raise = async (): Promise<Raised> => {
      const raised = await raiseAlertsOf(changes, causedAt, this.around.stores.alerts, versions);
      return { ...raised, ended: [...ended, ...raised.ended], notices: [...notices, ...raised.notices] };
    };
    this.forget(await this.ledger.commit({ states, deadLetters: [], raise }, signal));
    this.around.metrics.countChanges(changes);
  }

  private effectsOf({ changes, causedAt, deadLetters }: Caused): EffectsToCommit {
    const { alerts } = this.around.stores;
    return {
      states: lastStates(changes),
      deadLetters,
      raise: () => raiseAlertsOf(changes, causedAt, alerts),
    };
  }

  private forget({ orphaned }: Raised): void {
    for (const instanceId of orphaned) this.matcher.disarm(instanceId);
  }
}

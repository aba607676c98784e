import type { Database } from '../database';
import { HistoryStore } from './history.store';
import { notOwnedSubjects, ownedSubjects } from './owned-instances';
import { metricsOf, type RuleTerms } from './rule-record';

/** What trying out a rule reads: whose subjects they are, and their past. Nothing is written. */
export class PreviewStore {
  private readonly history: HistoryStore;

  constructor(private readonly database: Database) {
    this.history = new HistoryStore(database);
  }

  /**
   * The subjects that a rule of the customer would watch.
   * @param listed of `listed` rules; `owned` ones take what the customer owns
   * @returns refuses what saving the rule would refuse
   */
  async subjects(
    customerId: string,
    terms: RuleTerms,
    listed: readonly string[],
  ): Promise<{ kind: 'subjects' | 'notOwned'; subjects: readonly string[] }> {
    if (terms.subjectKind === 'owned') {
      return { kind: 'subjects', subjects: await ownedSubjects(this.database, customerId) };
    }
    const notOwned = await notOwnedSubjects(this.database, customerId, metricsOf(terms), listed);
    return notOwned.length > 0
      ? { kind: 'notOwned', subjects: notOwned }
      : { kind: 'subjects', subjects: listed };
  }

  /**
   * The past of each of the rule's metrics, as chunks in the order of the log.
   * @param since epoch ms on the log's clock
   * @param most points of all of them together, a chunk more or less: a busy series has a hundred million in a week
   */
  async past(
    terms: RuleTerms,
    subject: string,
    since: number,
    most: number,
  ): Promise<{ metric: string; chunks: Uint8Array[] }[]> {
    const metrics = [...new Set(metricsOf(terms))];
    return Promise.all(
      metrics.map(async (metric) => ({
        metric,
        chunks: await this.history.chunks(metric, subject, since, Math.ceil(most / metrics.length)),
      })),
    );
  }
}

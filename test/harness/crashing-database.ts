import type { Database, Queryable } from '@app/persistence';
import type { SeededRandom } from './seeded-random';

class Crash extends Error {}

/**
 * A way to the database on which whoever uses it is slow, and crashes now and then: before a statement, after it took effect
 * and before its answer was heard, in the middle of a transaction, or right after its commit.
 */
export class CrashingDatabase implements Pick<Database, 'query' | 'forRows' | 'transaction'> {
  crashes = 0;

  constructor(
    private readonly database: Database,
    private readonly random: SeededRandom,
    /** Of a crash at each point at which one is possible. */
    public chance: number,
  ) {}

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.through(this.database).query<Row>(sql, parameters);
  }

  forRows(rows: number): Queryable {
    return this.through(this.database.forRows(rows));
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const result = await this.database.transaction((transaction) => work(this.through(transaction)));
    this.mayCrash();
    return result;
  }

  private through(queryable: Queryable): Queryable {
    return {
      query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        await this.dawdle();
        this.mayCrash();
        const rows = await queryable.query<Row>(sql, parameters);
        this.mayCrash();
        return rows;
      },
    };
  }

  /** Others get between any two statements. */
  private async dawdle(): Promise<void> {
    for (let turns = this.random.whole(8); turns > 0; turns -= 1) await this.database.query('select 1');
  }

  private mayCrash(): void {
    if (!this.random.happens(this.chance)) return;
    this.crashes += 1;
    throw new Crash('crashed here');
  }
}

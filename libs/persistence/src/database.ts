import { Client, Pool, types, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import { DataSource } from 'typeorm';
import { BinaryCopy } from './binary-copy';
import type { BinaryRow } from './binary-row';
import { ENTITIES } from './entities';
import { CONNECT_TIMEOUT_MS, isFew, openFewRowsPool } from './few-rows';
import { MIGRATIONS } from './migrations';
import { RowsAhead } from './rows-ahead';
import { Turnstile } from './turnstile';

// Every bigint of ours is a counter, an offset or a scaled amount below 2^53; as text each use would convert.
types.setTypeParser(types.builtins.INT8, Number);

/** Anything that can run one statement: the pool, or an open transaction. */
export interface Queryable {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export interface DatabaseOptions {
  url: string;
  /** Connections this process may hold, the listening one excluded. */
  poolSize: number;
  /** How many of them serve statements about few rows alone; default none: then those go the way of all others. */
  forFewRows?: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
}

/**
 * The one way to Postgres: set-based SQL on a pool, TypeORM for entities and migrations on the same pool,
 * and LISTEN on a connection of its own that comes back by itself.
 */
export class Database implements Queryable {
  private readonly listeners: NotificationListener[] = [];
  private readonly copying = new Turnstile(COPIES_AT_ONCE);
  private readonly anyRows: Queryable;
  private readonly fewRows: Queryable;

  private constructor(
    readonly dataSource: DataSource,
    private readonly pool: Pool,
    private readonly fewRowsPool: Pool | null,
    private readonly options: DatabaseOptions,
  ) {
    this.anyRows = through(pool);
    this.fewRows = fewRowsPool ? through(fewRowsPool) : this;
  }

  /** Connects; rejects if Postgres does not answer. Runs no migration. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const { forFewRows = 0 } = options;
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      poolSize: options.poolSize - forFewRows,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      extra: { keepAlive: true },
      entities: ENTITIES,
      migrations: MIGRATIONS,
      migrationsTransactionMode: 'each',
      synchronize: false,
      logging: false,
      // A lost connection is reported by the query that meets it; unheard, it would end the process.
      poolErrorHandler: () => undefined,
    });
    await dataSource.initialize();
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    const fewRows = forFewRows > 0 ? openFewRowsPool(options, forFewRows) : null;
    return new Database(dataSource, pool, fewRows, options);
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.anyRows.query<Row>(sql, parameters);
  }

  /**
   * The way for one statement whose work grows with `rows` and with nothing else: few of them are spared the planning.
   * @param rows that it is given or limited to
   */
  forRows(rows: number): Queryable {
    return isFew(rows) ? this.fewRows : this;
  }

  /** Commits when `work` resolves, rolls back when it rejects, and passes the rejection on. */
  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      await client.query('begin');
      const result = await work(through(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.removeListener('error', onError);
      client.release(broken);
    }
  }

  /**
   * Reads very many rows, page by page: the next are on their way while the caller works on one. All of them are as of
   * one moment.
   * @param sql whose only parameter is a number
   * @param decode called for each row; reads its columns in their order
   */
  async *copy<Row>(
    sql: string,
    parameter: number,
    decode: (row: BinaryRow) => Row,
  ): AsyncGenerator<Row[], void, undefined> {
    const leave = await this.copying.enter();
    const client = await this.pool.connect().catch((error: unknown) => {
      leave();
      throw error;
    });
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    const copy = new BinaryCopy(sql.replaceAll('$1', String(Math.trunc(parameter))), decode, ROWS_AT_ONCE);
    try {
      await client.query(`begin read only; set local work_mem = '128MB'`);
      yield* client.query(copy);
    } finally {
      if (copy.isOver) await client.query('rollback').catch((failure: Error) => (broken = failure));
      else broken ??= new Error('left before all rows were read');
      client.removeListener('error', onError);
      client.release(broken);
      leave();
    }
  }

  /**
   * As `copy`, on its way at once where another copy can still begin beside it: a large join takes its time before the
   * first row, in which something else can be read.
   */
  copyAhead<Row>(sql: string, parameter: number, decode: (row: BinaryRow) => Row): RowsAhead<Row> {
    return new RowsAhead(this.copy(sql, parameter, decode), this.copying.places >= 2);
  }

  /**
   * Calls `handler` for each NOTIFY on the channel. What was notified while the connection was away is gone,
   * so `onReconnect` must look for itself; it is also called once at the start.
   * @returns a function that stops listening
   */
  async listen(
    channel: string,
    handler: (payload: string) => void,
    onReconnect: () => void = () => undefined,
  ): Promise<() => Promise<void>> {
    const listener = new NotificationListener(
      {
        connectionString: this.options.url,
        application_name: `${this.options.applicationName} listen ${channel}`,
      },
      channel,
      handler,
      onReconnect,
    );
    this.listeners.push(listener);
    await listener.start();
    return () => listener.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.stop()));
    await Promise.all([this.dataSource.destroy(), this.fewRowsPool?.end()]);
  }
}

/** Of one page of a copy: soon worked on, and few enough for others to get their turn in between. */
const ROWS_AT_ONCE = 5_000;

/**
 * Whoever works on a page may need a second connection for it. If as many partitions as there are connections loaded at
 * once, each would hold one and wait for another.
 */
const COPIES_AT_ONCE = 2;

function through(way: Pool | PoolClient): Queryable {
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await way.query(statement(sql, parameters))).rows as Row[],
  };
}

const names = new Map<string, string>();

/**
 * Statements with parameters are prepared once for each connection: Postgres spent longer on planning the claim
 * and the plan's statement, some millisecond each, than on running them. Texts are constants, so there are few.
 */
function statement(text: string, values: readonly unknown[]): QueryConfig {
  if (values.length === 0) return { text };
  let name = names.get(text);
  if (!name) names.set(text, (name = `tidings_${names.size + 1}`));
  return { name, text, values: values as unknown[] };
}

const RECONNECT_MS = 500;
/** A listening connection says nothing for long, so its death is noticed only by asking. */
const PULSE_EVERY_MS = 10_000;
const PULSE_TIMEOUT_MS = 5_000;

class NotificationListener {
  private client: Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private pulse: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: PoolConfig,
    private readonly channel: string,
    private readonly handler: (payload: string) => void,
    private readonly onReconnect: () => void,
  ) {}

  async start(): Promise<void> {
    const client = new Client({ ...this.config, keepAlive: true } as ConstructorParameters<typeof Client>[0]);
    client.on('notification', (message) => this.handler(message.payload ?? ''));
    client.on('error', () => this.restart(client));
    client.on('end', () => this.restart(client));
    await client.connect();
    await client.query(`listen "${this.channel}"`);
    if (this.stopped) return void (await client.end());
    this.client = client;
    this.pulse = setInterval(() => void this.feelPulse(client), PULSE_EVERY_MS);
    this.pulse.unref();
    this.onReconnect();
  }

  private async feelPulse(client: Client): Promise<void> {
    const late = setTimeout(() => this.restart(client), PULSE_TIMEOUT_MS);
    await client.query('select 1').catch(() => this.restart(client));
    clearTimeout(late);
  }

  private restart(client: Client): void {
    if (this.stopped || (this.client && this.client !== client)) return;
    this.client = undefined;
    clearInterval(this.pulse);
    client.removeAllListeners(); // its end has been noticed, and must not be a second time
    client.on('error', () => undefined);
    void client.end().catch(() => undefined);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start().catch(() => this.restart(client)), RECONNECT_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.pulse);
    await this.client?.end().catch(() => undefined);
  }
}

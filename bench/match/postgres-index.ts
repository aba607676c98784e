import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@app/persistence';
import { Client } from 'pg';
import { mix } from './fingerprint';
import type { Peer } from './peer';
import type { Workload } from './workload';

/** Cuts as in the engine: `above 5` holds from 6 up, `below 5` from 4 down. */
const PASSED = {
  name: 'passed',
  text: 'select rule, is_above, cut <= $4 as is_up from cuts where series = $1 and cut > $2 and cut <= $3',
};

/**
 * PostgreSQL asked as well as it can be: the levels in a covering index, and for each event only those between the
 * last value and the new one, by a prepared statement. The last values are kept here, and nothing is written.
 */
export async function postgresIndex(work: Workload): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-bench-'));
  const postgres = await startEmbeddedPostgres({ folder, throwaway: true });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await fill(client, work);
  const last = Float64Array.from(work.first);
  const pass = async (): Promise<number> => {
    let print = 0;
    for (let event = 0; event < work.eventSeries.length; event += 1) {
      const series = work.eventSeries[event]!;
      const value = work.eventValue[event]!;
      const [from, upTo] = [Math.min(last[series]!, value), Math.max(last[series]!, value)];
      last[series] = value;
      const { rows } = await client.query<{ rule: number; is_above: boolean; is_up: boolean }>({
        ...PASSED,
        values: [series, from, upTo, value],
      });
      for (const { rule, is_above, is_up } of rows) print = mix(print, rule, event, is_above === is_up);
    }
    return print;
  };
  const end = async (): Promise<void> => {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { pass, clock: () => performance.now() / 1_000, end };
}

async function fill(client: Client, { threshold, isAbove, rulesEach }: Workload): Promise<void> {
  await client.query('create unlogged table cuts (series int, cut bigint, rule int, is_above boolean)');
  await client.query(
    `insert into cuts select (rule - 1) / $3::int, level + above, rule - 1, above = 1
     from unnest($1::bigint[], $2::int[]) with ordinality as t (level, above, rule)`,
    [Array.from(threshold), Array.from(isAbove), rulesEach],
  );
  await client.query('create index on cuts (series, cut) include (rule, is_above)');
  await client.query('vacuum analyze cuts');
}

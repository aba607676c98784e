import { CAST, VISITOR_ID } from './demonstration/cast';
import { customerToken } from './demonstration/customer-token';
import { Demonstration } from './demonstration/demonstration';
import { TidingsClient } from './demonstration/tidings-client';
import type { Options } from './options';
import { withoutProviders, type StandaloneConfig } from './standalone.config';
import type { StopRequest } from './stop-request';
import { findBuiltPrograms } from './supervisor/built-programs';
import { takeFolder } from './supervisor/folder-lock';
import { freePort } from './supervisor/free-port';
import { RunningSystem } from './supervisor/running-system';
import { readSecrets, type Secrets } from './supervisor/secrets';
import { ApiNews } from './terminal/api-news';
import { showBanner, showFirstAlert, type BannerFacts } from './terminal/banner';
import { Feed } from './terminal/feed';
import type { Screen } from './terminal/screen';

/** Something that the person who started this can put right; its message is all they need to read. */
export class PlainProblem extends Error {}

export interface Standalone {
  options: Options;
  config: StandaloneConfig;
  screen: Screen;
  stop: StopRequest;
}

/**
 * Runs the whole system from a data folder until it is asked to stop, and leaves nothing running.
 * @throws PlainProblem if the folder or the port is somebody else's; StartFailure if a part did not start
 */
export async function runStandalone(standalone: Standalone): Promise<void> {
  const { config } = standalone;
  const programs = await findBuiltPrograms();
  const lock = await takeFolder(config.folder);
  if (!lock.held) throw new PlainProblem(`Another instance (pid ${lock.byPid}) holds ${config.folder}.`);
  try {
    const port = await freePort(config.port);
    if (port === null) {
      throw new PlainProblem(`Port ${config.port} on 127.0.0.1 is taken: set PORT to another one.`);
    }
    const secrets = await readSecrets(config.folder);
    await withSystem(standalone, { programs, port, secrets });
  } finally {
    await lock.release();
  }
}

async function withSystem(
  { options, config, screen, stop }: Standalone,
  parts: { programs: Awaited<ReturnType<typeof findBuiltPrograms>>; port: number; secrets: Secrets },
): Promise<void> {
  const say = (line: string): void => screen.row(line, 'yellow');
  screen.line(`Starting in ${config.folder} …`);
  const inherited = options.empty ? config.inherited : withoutProviders(config.inherited);
  const system = await RunningSystem.start({ config, ...parts, inherited, say, signal: stop.signal });
  stop.onImpatience(() => system.kill());
  try {
    if (!stop.signal.aborted) await accompany({ options, config, screen, stop }, system, parts.secrets);
  } finally {
    screen.endStatus();
    screen.line('Stopping …');
    await system.stop();
    screen.line('Stopped.');
  }
}

/** What happens between the start and the stop: the demonstration plays, the terminal tells of it. */
async function accompany(
  { options, config, screen, stop }: Standalone,
  system: RunningSystem,
  secrets: Secrets,
): Promise<void> {
  const { signal } = stop;
  const news = new ApiNews(new TidingsClient(system.apiUrl, secrets.adminKey, signal));
  const demonstration = options.empty
    ? null
    : new Demonstration({
        ...secrets,
        apiUrl: system.apiUrl,
        databaseUrl: system.databaseUrl,
        folder: config.folder,
        speed: options.speed,
        signal,
        say: (line) => screen.row(line, 'green'),
      });
  const feed = new Feed(news, screen, () => demonstration?.doing() ?? '');
  const facts = {
    ...secrets,
    apiUrl: system.apiUrl,
    dispatcherUrl: system.dispatcherUrl,
    visitor: demonstration && (await visitorOf(secrets)),
    seconds: performance.now() / 1000, // it counts from the start of the process
  };
  showBanner(screen, facts);
  await feed.begin().catch(() => undefined);
  await Promise.all([feed.run(signal), demonstration && play(demonstration, { screen, signal, facts })]);
}

async function play(
  demonstration: Demonstration,
  { screen, signal, facts }: { screen: Screen; signal: AbortSignal; facts: BannerFacts },
): Promise<void> {
  try {
    await demonstration.run();
    showFirstAlert(screen, facts);
  } catch (error) {
    if (!signal.aborted) screen.line(`The demonstration stopped: ${(error as Error).message}`);
  }
}

async function visitorOf({ jwtSecret }: Secrets): Promise<{ name: string; token: string }> {
  const name = CAST.customers.find(({ id }) => id === VISITOR_ID)?.name ?? VISITOR_ID;
  return { name, token: await customerToken(VISITOR_ID, jwtSecret) };
}

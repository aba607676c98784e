import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const KAFKA_VERSION = '4.3.0';
/** Without the binding the broker says nothing at all, not even why it does not start. */
const LOG4J_BINDING_VERSION = '2.25.4';
const FETCH_TIMEOUT_MS = 5 * 60_000;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidings</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG4J_BINDING_VERSION}</version></dependency>
  </dependencies>
</project>
`;

function cacheFolder(): string {
  const root = process.env.TIDINGS_CACHE ?? join(homedir(), '.cache', 'tidings');
  return join(root, `kafka-${KAFKA_VERSION}`);
}

/** True if a broker can be started here: Java 17 or later, and the jars or the Maven to fetch them. */
export async function canStartKafka(): Promise<boolean> {
  return (await hasJava17()) && ((await exists(cacheFolder())) || (await answers('mvn', ['-v'])));
}

/**
 * The folder that holds the broker's jars (44 MB), fetched through Maven the first time.
 * @param report told once before something slow begins
 * @throws Error with Maven's last words if the jars can be neither found nor fetched
 */
export async function brokerJars(report: (line: string) => void): Promise<string> {
  const folder = cacheFolder();
  if (!(await exists(folder))) await fetchJars(folder, report);
  return folder;
}

async function fetchJars(folder: string, report: (line: string) => void): Promise<void> {
  report(`fetching Apache Kafka ${KAFKA_VERSION} through Maven into ${folder}, once`);
  await mkdir(join(folder, '..'), { recursive: true });
  const work = await mkdtemp(`${folder}.fetching-`);
  try {
    await writeFile(join(work, 'pom.xml'), POM);
    const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'libs')}`];
    await run('mvn', goal, { cwd: work, timeout: FETCH_TIMEOUT_MS }).catch((failure: MavenFailure) => {
      throw new Error(`Maven could not fetch Kafka: ${(failure.stdout || failure.message).slice(-2_000)}`);
    });
    await takePlace(join(work, 'libs'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type MavenFailure = Error & { stdout?: string };

/** A rename is all or nothing, so whoever looks sees every jar or no folder; the second of two at once yields. */
async function takePlace(libs: string, folder: string): Promise<void> {
  try {
    await rename(libs, folder);
  } catch (failure) {
    if (!(await exists(folder))) throw failure;
  }
}

async function hasJava17(): Promise<boolean> {
  try {
    const { stderr } = await run('java', ['-version']);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= 17;
  } catch {
    return false;
  }
}

async function answers(command: string, args: string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

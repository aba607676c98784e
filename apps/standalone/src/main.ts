import { HELP, readOptions } from './options';
import { PlainProblem, runStandalone } from './standalone';
import { readConfig } from './standalone.config';
import { listenForStop } from './stop-request';
import { NotBuilt } from './supervisor/built-programs';
import { StartFailure } from './supervisor/supervised-process';
import { Screen } from './terminal/screen';

void main().then((exitCode) => process.exit(exitCode));

async function main(): Promise<number> {
  const words = readOptions(process.argv.slice(2));
  if (!words.ok) return complain([words.problem, '', HELP]);
  if (words.options.help) return tell(HELP);
  const settings = readConfig(process.cwd());
  if (!settings.ok) return complain(settings.problems);
  const stop = listenForStop();
  process.stdout.on('error', () => process.emit('SIGHUP')); // nobody reads any more
  try {
    const screen = new Screen(process.stdout, settings.config.color);
    await runStandalone({ options: words.options, config: settings.config, screen, stop });
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    return complain(inWords(error));
  }
}

function inWords(error: unknown): string[] {
  if (error instanceof PlainProblem || error instanceof NotBuilt) return [error.message];
  if (error instanceof StartFailure) {
    return [`${error.message}. Its last words, from ${error.logFile}:`, ...error.lastLines];
  }
  return ['It did not start.', error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function tell(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(lines: string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

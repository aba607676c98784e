import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Every file that belongs to the repository, tracked or about to be; paths with `/` from its root. */
export function filesOfTheHouse(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  const deleted = execFileSync('git', ['ls-files', '--deleted', '-z'], { encoding: 'utf8' }).split('\0');
  return list
    .split('\0')
    .filter((file) => file !== '' && !deleted.includes(file))
    .sort();
}

export function text(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Production code: TypeScript of apps and libs without tests and their kits. */
export function sources(under = ''): string[] {
  return filesOfTheHouse().filter(
    (file) =>
      /^(apps|libs)\/[^/]+\/src\/.*\.ts$/.test(file) &&
      file.startsWith(under) &&
      !/\.spec\.ts$|\/testing\//.test(file),
  );
}

/** Every distinct first group of the pattern in the text, sorted. */
export function namesIn(content: string, pattern: RegExp): string[] {
  return [...new Set([...content.matchAll(pattern)].flatMap(([, name]) => name ?? []))].sort();
}

/** Names of environment variables that a `*.config.ts` reads, by file. */
export function settingsRead(): Map<string, string[]> {
  const files = sources().filter((file) => file.endsWith('.config.ts'));
  return new Map(files.map((file) => [file, namesOfSettings(text(file))]));
}

/** As `env.NAME`, as the argument 'NAME' of a reader, or destructured from `env`. */
function namesOfSettings(code: string): string[] {
  const destructured = [...code.matchAll(/\{([^{}]*)\}\s*=\s*env\b/g)].map(([, names]) => names).join();
  return [
    ...new Set([
      ...namesIn(code, /\benv\.([A-Z][A-Z0-9_]*)\b/g),
      ...namesIn(code, /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|HOST|PORT|TERM)'/g),
      ...namesIn(destructured, /\b([A-Z][A-Z0-9_]*)\b/g),
    ]),
  ].sort();
}

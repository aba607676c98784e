import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { filesOfTheHouse, namesIn, sources, text } from './source-tree';

const files = filesOfTheHouse();
const typescript = files.filter((file) => file.endsWith('.ts'));
const documents = files.filter((file) => file.endsWith('.md'));
const isTest = (file: string): boolean => /\.(e2e-)?spec\.ts$|^test\/|\/testing\//.test(file);

/** `file: what` for every file that has something wrong. */
function complaints(list: readonly string[], wrong: (content: string, file: string) => string[]): string[] {
  return list.flatMap((file) => wrong(text(file), file).map((what) => `${file}: ${what}`));
}

describe('the house', () => {
  it('has no file that nobody reads to its end: 300 lines, 600 for tests, and a migration stays whole', () => {
    const tooLong = complaints(
      typescript.filter((file) => !file.includes('/migrations/')),
      (content, file) => {
        const lines = content.split('\n').length - 1;
        return lines > (isTest(file) ? 600 : 300) ? [`${lines} lines`] : [];
      },
    );
    expect(tooLong).toEqual([]);
  });

  it('has no room whose name excludes nothing', () => {
    const named =
      /(^|\/)(utils?|commons?|helpers?|shared|managers?|data|misc|types|core)(\/|\.ts$|-[^/]*\.ts$)/;
    const code = files.filter((file) => /^(apps|libs|test|bench|scripts)\//.test(file));
    expect(code.filter((file) => named.test(file))).toEqual([]);
  });

  it('gives every library one front door, which lists its exports by name', () => {
    const libraries = [...new Set(sources('libs/').map((file) => file.split('/')[1] ?? ''))];
    expect(libraries.length).toBeGreaterThan(5);
    for (const library of libraries) {
      expect(files).toContain(`libs/${library}/src/index.ts`);
      expect(text('tsconfig.json')).toContain(`"@app/${library}": ["./libs/${library}/src/index.ts"]`);
      expect(JSON.parse(text('nest-cli.json'))).toHaveProperty(['projects', library]);
    }
    expect(complaints(sources(), (content) => content.match(/^export \*.*$/gm) ?? [])).toEqual([]);
    const doors = files.filter(
      (file) => file.endsWith('/index.ts') && !/^libs\/[^/]+\/src\/index\.ts$/.test(file),
    );
    expect(doors).toEqual(['libs/persistence/src/migrations/index.ts']);
  });

  it('reads the environment in *.config.ts and where a process begins, and nowhere else', () => {
    const readers = sources().filter((file) => /process\.env\b/.test(withoutComments(text(file))));
    expect(readers.filter((file) => !/\.config\.ts$|\/main\.ts$/.test(file))).toEqual([]);
  });
});

describe('wake-ups', () => {
  const code = sources().map(text).join('\n');
  const constants = new Map(
    [...code.matchAll(/const (\w+) = '(\w+)'/g)].map(([, name, value]) => [name, value]),
  );
  const named = (pattern: RegExp): string[] =>
    [...new Set(namesIn(code, pattern).map((name) => constants.get(name) ?? name))].sort();

  it('are sent on exactly the channels on which somebody listens', () => {
    const sent = named(/pg_notify\('?(?:\$\{)?([A-Za-z_]+)/g);
    const parameterised = named(/pg_notify\(\$1[^\n]*\[(\w+)/g);
    const heard = named(/database\s*\.listen\(\s*'?([A-Za-z_]+)/g);
    expect(heard.length).toBeGreaterThan(4);
    expect([...new Set([...sent, ...parameterised])].sort()).toEqual(heard);
  });

  it('are named in docs/ARCHITECTURE.md', () => {
    const heard = named(/database\s*\.listen\(\s*'?([A-Za-z_]+)/g);
    const architecture = text('docs/ARCHITECTURE.md');
    expect(heard.filter((channel) => !architecture.includes(`\`${channel}\``))).toEqual([]);
  });
});

describe('the documents', () => {
  it('link only to what is there, headings included', () => {
    const broken = complaints(documents, (content, file) =>
      [...content.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target ?? '')
        .filter((target) => !/^(https?:|mailto:)/.test(target))
        .filter((target) => !leadsSomewhere(file, target)),
    );
    expect(broken).toEqual([]);
  });

  it('name only files of ours that exist', () => {
    const missing = complaints(documents, (content) =>
      namesIn(content, /`((?:apps|libs|test|scripts|bench|docs)\/[\w./-]*[\w/])`/g).filter(
        (path) => !existsSync(path),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('list every decision record', () => {
    const records = files
      .filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file))
      .map((file) => file.slice(9));
    expect(records.map((file) => file.slice(0, 4))).toEqual(
      records.map((_, index) => String(index + 1).padStart(4, '0')),
    );
    expect(namesIn(text('docs/adr/README.md'), /\]\((\d{4}-[\w-]+\.md)\)/g)).toEqual(records.sort());
  });
});

function leadsSomewhere(from: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

/** As GitHub makes them: lower case, spaces to hyphens, the rest of the punctuation dropped. */
function headingsOf(file: string): string[] {
  return [...text(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
}

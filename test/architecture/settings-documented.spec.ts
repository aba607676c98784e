import { namesIn, settingsRead, sources, text } from './source-tree';

const operations = text('docs/OPERATIONS.md');
/** Names in the first column of the tables under a heading. */
function firstColumns(heading: string): string[] {
  const [, section = ''] = operations.split(new RegExp(`^## ${heading}$`, 'm'));
  const rows = (section.split(/^## /m)[0] ?? '').match(/^\| [^|]+\|/gm) ?? [];
  return namesIn(rows.join('\n'), /`([A-Za-z_]\w*)`/g);
}

describe('docs/OPERATIONS.md', () => {
  it('explains every environment variable that a process reads, and none that nobody reads', () => {
    const read = [...new Set([...settingsRead().values()].flat())].sort();
    expect(read.length).toBeGreaterThan(30); // or the search has gone blind
    expect(firstColumns('Settings')).toEqual(read);
  });

  it('is not contradicted by the README, which names settings that exist', () => {
    const read = [...settingsRead().values()].flat();
    const named = namesIn(
      text('README.md'),
      /`((?:KAFKA|TWILIO|SENDGRID|X|JWT|JWKS|TIDINGS|DATABASE)_[A-Z_]*\*?)`/g,
    );
    const unheardOf = named.filter(
      (name) =>
        !read.some((one) => one === name || (name.endsWith('*') && one.startsWith(name.slice(0, -1)))),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(unheardOf).toEqual([]);
  });

  it('explains every metric that a process offers, and none that it does not', () => {
    const offered = namesIn(sources('apps/').map(text).join('\n'), /'(tidings_[a-z_]+)'/g);
    expect(offered.length).toBeGreaterThan(10);
    expect(firstColumns('Metrics')).toEqual(offered);
  });

  it('speaks only of metrics that exist', () => {
    const offered = namesIn(sources('apps/').map(text).join('\n'), /'(tidings_[a-z_]+)'/g);
    const mentioned = ['docs/OPERATIONS.md', 'docs/EVENTS.md'].flatMap((file) =>
      namesIn(text(file), /\b(tidings_[a-z_]+)\b/g),
    );
    expect(mentioned.filter((name) => !offered.includes(name))).toEqual([]);
  });

  it('defaults to what the code defaults to, where the default is one number', () => {
    const code = sources()
      .filter((file) => file.endsWith('.config.ts'))
      .map(text)
      .join('\n');
    const documented = [...operations.matchAll(/^\| `([A-Z_]+)` \| `(\d+)`/gm)];
    expect(documented.length).toBeGreaterThan(8);
    for (const [, name, value] of documented) {
      const inCode = new RegExp(`'${name}', ([\\d_]+)|${name} \\|\\| (\\w+)`).exec(code);
      const found = inCode?.[1] ?? new RegExp(`const ${inCode?.[2]} = ([\\d_]+)`).exec(code)?.[1];
      const isRead = found ?? OTHERWISE[name ?? ''];
      expect([name, isRead?.replaceAll('_', '')]).toEqual([name, value]);
    }
  });
});

/** Defaults that stand elsewhere than beside the name of the setting. */
const OTHERWISE: Record<string, string> = {
  PROVIDER_TIMEOUT_MS:
    /DEFAULT_TIMEOUT_MS = ([\d_]+)/.exec(text('libs/channels/src/calling/call-provider.ts'))?.[1] ?? '',
};

import { TEMPLATE_CHANNELS, TEMPLATE_KINDS, templateFactNames } from '@app/channels';
import { text } from './source-tree';

const page = text('docs/TEMPLATES.md');

describe('docs/TEMPLATES.md', () => {
  it('names every kind and every channel that can have a template', () => {
    const missing = [...TEMPLATE_KINDS, ...TEMPLATE_CHANNELS].filter((name) => !page.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  it('names everything that a template can name', () => {
    const names = new Set(TEMPLATE_KINDS.flatMap(templateFactNames));
    expect(names.size).toBeGreaterThan(40); // or the search has gone blind
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

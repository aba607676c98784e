import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastWords } from './last-words';

describe('the last words of a program that did not start', () => {
  it('are what its log says for a person, of this run alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidings-words-'));
    const file = join(folder, 'api.log');
    const before = 'an earlier run\n';
    const now = [
      JSON.stringify({ level: 'info', msg: 'starting' }),
      '',
      JSON.stringify({ level: 'fatal', msg: 'could not start', error: { message: 'no database' } }),
      'PORT must be a whole number',
      '{"torn',
    ];
    try {
      await writeFile(file, `${before}${now.join('\n')}`);
      const words = await lastWords(file, before.length);
      expect(words).toEqual([
        'starting',
        'could not start: no database',
        'PORT must be a whole number',
        '{"torn',
      ]);
      expect(await lastWords(file, before.length, 1)).toEqual(['{"torn']);
      expect(await lastWords(join(folder, 'missing.log'), 0)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

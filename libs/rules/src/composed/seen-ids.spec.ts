import { SeenIds } from './seen-ids';

describe('the ids that a series has seen', () => {
  it('are known for as long as an event may come again', () => {
    const seen = new SeenIds(null);
    seen.add('meter', 'a', 1_000, 0);
    seen.add('meter', 'b', 2_000, 1_500);
    expect(seen.has('meter', 'a', 0)).toBe(false);
    expect(seen.has('meter', 'b', 1_500)).toBe(true);
    expect(seen.has('other', 'b', 1_500)).toBe(false);
    expect(new SeenIds(seen.save()).has('meter', 'b', 1_500)).toBe(true);
  });

  it('are the latest 65,536 at most, however late the metric lets events be', () => {
    const seen = new SeenIds(null);
    for (let id = 0; id < 70_000; id += 1) seen.add('meter', String(id), 1_000, 0);
    expect(seen.save()).toHaveLength(65_536);
    expect(seen.has('meter', '4463', 0)).toBe(false);
    expect(seen.has('meter', '4464', 0)).toBe(true);
  });
});

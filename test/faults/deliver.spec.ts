import { deliver } from './deliver';

describe('messages under harm', () => {
  it('are never lost, and only those come twice that are marked, whatever is killed, stopped or broken', async () => {
    const [line] = await deliver({ runs: 6, seed: 11, logs: [] });
    expect(line).toMatchObject({ expected: 240, lost: 0, unmarkedDoubles: 0 });
  }, 300_000);
});

import type { InstanceChange } from '@app/rules';
import { pagesOf } from './batch-effects';

function aChange(instanceId: number, rest: Partial<InstanceChange> = {}): InstanceChange {
  const state = { state: 'firing', armed: true, spent: false, transitionSeq: 1 } as const;
  return { instanceId, ...state, transition: 'fired', value: 1, at: 0, ...rest };
}

async function idsOf(changes: readonly InstanceChange[], atOnce: number): Promise<number[][]> {
  const pages = await pagesOf({ changes: [...changes], causedAt: changes.map(() => 0) }, atOnce);
  return pages.map((page) => page.changes.map(({ instanceId }) => instanceId));
}

describe('changes that fill several commits', () => {
  it('keep those of an instance in one of them', async () => {
    expect(
      await idsOf(
        [1, 2, 3, 1, 4].map((id) => aChange(id)),
        2,
      ),
    ).toEqual([
      [1, 2, 1],
      [3, 4],
    ]);
  });

  it('keep a firing with the end of its partner, which no second reading of the event would bring about', async () => {
    const ended = { transition: 'none', endedBy: 'partner', spent: true } as const;
    expect(await idsOf([aChange(1), aChange(2), aChange(3, ended), aChange(4)], 2)).toEqual([[1, 2, 3], [4]]);
    const early = [aChange(3, { transition: 'none' }), aChange(1), aChange(2), aChange(3, ended)];
    expect(await idsOf(early, 1)).toEqual([[3, 2, 3], [1]]);
  });
});

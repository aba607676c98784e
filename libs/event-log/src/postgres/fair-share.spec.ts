import { fairShare } from './fair-share';

describe('the share of a member', () => {
  it('is everything for one alone', () => {
    expect(fairShare('a', ['a'], 8)).toBe(8);
  });

  it.each([1, 2, 3, 5, 8, 13])(
    'adds up to all eight partitions among %s members and differs by one at most',
    (n) => {
      const members = Array.from({ length: n }, (_, i) => `m${String(i).padStart(2, '0')}`);
      const shares = members.map((member) => fairShare(member, members, 8));
      expect(shares.reduce((sum, share) => sum + share)).toBe(8);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    },
  );

  it('counts a member that the others do not see yet', () => {
    expect(fairShare('b', ['a'], 8)).toBe(4);
  });
});

/**
 * How many partitions a member should hold: an equal part each, what is left over to the first ones in order.
 * @param members all live members in an order on which they agree; `member` need not be among them yet
 */
export function fairShare(member: string, members: readonly string[], partitions: number): number {
  const all = members.includes(member) ? members : [...members, member];
  const left = partitions % all.length;
  return Math.floor(partitions / all.length) + (all.indexOf(member) < left ? 1 : 0);
}

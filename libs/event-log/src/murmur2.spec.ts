import { Partitioners } from 'kafkajs';
import { murmur2, partitionForKey } from './murmur2';

describe('the place of a key', () => {
  // From org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('is hashed as the Java client hashes it: %s', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('is where kafkajs would put it, for every length and beyond ASCII', () => {
    const partition = Partitioners.DefaultPartitioner();
    const keys = Array.from({ length: 200 }, (_, n) => `${'flight:Zürich✈'.repeat(n % 7)}${n}`.slice(0, n));
    for (const partitions of [1, 8, 13]) {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => metadata(partitionId));
      const theirs = keys.map((key) =>
        partition({ topic: 't', partitionMetadata, message: { key, value: null } }),
      );
      expect(keys.map((key) => partitionForKey(key, partitions))).toEqual(theirs);
    }
  });
});

function metadata(partitionId: number) {
  return { partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] };
}

import { recordKeyOf } from './record-key';

const AT = Date.UTC(2026, 10, 22, 9, 0);

describe('the key of a record', () => {
  it('is one that Bluesky takes, and the same whenever it is asked for', () => {
    const key = recordKeyOf('delivery-1', AT);
    expect(key).toMatch(/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/);
    expect(recordKeyOf('delivery-1', AT)).toBe(key);
  });

  it('differs between deliveries of one instant, and grows with time', () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => recordKeyOf(`delivery-${index}`, AT));
    expect(new Set(keys).size).toBe(2_000);
    const later = recordKeyOf('delivery-1', AT + 70_000);
    expect(keys.every((key) => key < later)).toBe(true);
  });
});

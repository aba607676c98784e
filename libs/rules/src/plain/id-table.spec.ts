import fc from 'fast-check';
import { IdTable } from './id-table';

describe('finding an instance by its id', () => {
  it('works as a map would, for ids beyond 32 bits too, while instances come and go', () => {
    const id = fc.oneof(
      fc.nat(40),
      fc.nat(40).map((low) => low * 0x1_0000_0000 + 7),
      fc.maxSafeNat(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ id, add: fc.boolean() }), { maxLength: 400, size: 'max' }),
        (steps) => {
          const ids: number[] = [];
          const table = new IdTable((slot) => ids[slot]!);
          const expected = new Map<number, number>();
          for (const step of steps) {
            if (step.add && !expected.has(step.id)) {
              expected.set(step.id, ids.push(step.id) - 1);
              table.add(ids.length - 1);
            } else if (!step.add) {
              table.remove(step.id);
              expected.delete(step.id);
            }
            expect(table.find(step.id)).toBe(expected.get(step.id) ?? -1);
          }
          for (const each of ids) expect(table.find(each)).toBe(expected.get(each) ?? -1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('still finds each of thousands after it has grown and half of them have left', () => {
    const table = new IdTable((slot) => slot * 3 + 1);
    for (let slot = 0; slot < 20_000; slot += 1) table.add(slot);
    for (let slot = 0; slot < 20_000; slot += 2) table.remove(slot * 3 + 1);
    for (let slot = 0; slot < 20_000; slot += 1)
      expect(table.find(slot * 3 + 1)).toBe(slot % 2 === 0 ? -1 : slot);
  });
});

import { Database, TokenBucketStore, type BucketTerms } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';

const TERMS: BucketTerms = { name: 'twilio', rate: 200, burst: 20, reserve: 5 };

let own: TestDatabase;
let other: Database;
beforeEach(async () => {
  own = await createTestDatabase();
  other = await Database.open({ url: own.url, poolSize: 4, applicationName: 'test' });
});
afterEach(async () => {
  await other.close();
  await own.drop();
});

const tokensOf = (granted: { tokens: number }[]): number => granted[0]?.tokens ?? Number.NaN;
/** Lets so much time be over for the bucket, without waiting for it. */
const letPass = (ms: number): Promise<unknown> =>
  own.database.query(`update token_buckets set refilled_at = refilled_at - $1 * interval '1 millisecond'`, [
    ms,
  ]);

describe('a rate that holds across dispatchers', () => {
  it('never grants more than rate times time plus burst, however many ask at once', async () => {
    const stores = [own.database, own.database, other, other].map((one) => new TokenBucketStore(one));
    const began = performance.now();
    let granted = 0;
    const asks = stores.map(async (store) => {
      for (let n = 0; n < 40; n += 1) {
        const tokens = tokensOf(await store.take([TERMS], 3, true));
        granted += tokens;
      }
    });
    await Promise.all(asks);
    const seconds = (performance.now() - began) / 1_000;
    expect(granted).toBeLessThanOrEqual(TERMS.rate * seconds + TERMS.burst);
    expect(granted).toBeGreaterThanOrEqual(TERMS.burst);
  });

  it('keeps a reserve for what is urgent', async () => {
    const slow = { ...TERMS, rate: 0.001 };
    const store = new TokenBucketStore(own.database);
    expect(tokensOf(await store.take([slow], 100, false))).toBe(15);
    expect(tokensOf(await store.take([slow], 100, false))).toBe(0);
    expect(tokensOf(await store.take([slow], 100, true))).toBe(5);
    expect(tokensOf(await store.take([slow], 100, true))).toBe(0);
  });

  it('gets back what was not used, and never saves up more than its burst', async () => {
    const slow = { ...TERMS, rate: 0.001 };
    const store = new TokenBucketStore(own.database);
    await store.take([slow], 10, true);
    await new TokenBucketStore(other).giveBack([slow], new Map([['twilio', 4]]));
    expect(tokensOf(await store.take([slow], 100, true))).toBe(14);
    await store.giveBack([slow], new Map([['twilio', 1_000]]));
    expect(tokensOf(await store.take([slow], 1_000, true))).toBe(20);
  });

  it('fills with time', async () => {
    const slow = { ...TERMS, rate: 1 };
    const store = new TokenBucketStore(own.database);
    await store.take([slow], 20, true);
    await letPass(7_000);
    expect(tokensOf(await store.take([slow], 100, true))).toBeGreaterThanOrEqual(7);
  });
});

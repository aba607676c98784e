/**
 * Pages of rows that may be on their way before anybody reads them. Either read to the end or dropped, since they may hold a
 * connection until then.
 */
export class RowsAhead<Row> implements AsyncIterable<Row[]> {
  private readonly first: Promise<IteratorResult<Row[], void>> | null;

  /** @param isAhead false: they begin with the first reading */
  constructor(
    private readonly pages: AsyncGenerator<Row[], void, undefined>,
    isAhead: boolean,
  ) {
    this.first = isAhead ? pages.next() : null;
    this.first?.catch(() => undefined); // told to whoever reads
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row[], void, undefined> {
    const first = await this.first;
    if (first?.done) return;
    try {
      if (first) yield first.value;
      yield* this.pages;
    } finally {
      await this.drop();
    }
  }

  async drop(): Promise<void> {
    await this.pages.return();
  }
}

/** Rows of one page: enough to make a trip cheap, few enough to be read while the page before is worked on. */
export const PAGE_ROWS = 10_000;

/** A page as it travels: one JSON array for each column. Rows as such cost the driver four times as much. */
export type Columns<Row> = { [Name in keyof Row]: Row[Name][] };

/**
 * The select list that turns the rows of `page` into `Columns`; an empty page has null in each.
 * @param names columns of `page`
 */
export function columnsOf(names: readonly string[]): string {
  return names.map((name) => `json_agg("${name}") as "${name}"`).join(', ');
}

/**
 * Page after page, the next one asked for while the one before is worked on.
 * @param read reads the page after the given row; shorter than `PAGE_ROWS` is the last
 */
export async function* pages<Row extends object>(
  read: (after: Row | null) => Promise<Row[]>,
): AsyncGenerator<Row[], void, undefined> {
  let next: Promise<Row[]> | null = read(null);
  while (next) {
    const rows: Row[] = await next;
    next = rows.length < PAGE_ROWS ? null : read(rows.at(-1) ?? null);
    // Whoever stops in between leaves a read behind, whose failure nobody would hear.
    next?.catch(() => undefined);
    if (rows.length > 0) yield rows;
  }
}

/** Rows of a page that came as columns. */
export function rowsOf<Row extends object>(columns: Columns<Row> | undefined): Row[] {
  const entries = Object.entries(columns ?? {}) as [keyof Row, Row[keyof Row][] | null][];
  const length = entries[0]?.[1]?.length ?? 0;
  const rows: Row[] = [];
  for (let i = 0; i < length; i += 1) {
    const row = {} as Row;
    for (const [name, column] of entries) row[name] = (column as Row[keyof Row][])[i]!;
    rows.push(row);
  }
  return rows;
}

import { invalid } from './problem';

/** One page; `nextCursor` is null on the last. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * Cuts a page from rows that were read with one more than asked for: the extra row says whether there is a next page.
 * @param placeOf a row's place in the order of the list
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => string | number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encode(placeOf(last)) : null;
  return { items: shown.map(toItem), nextCursor };
}

/** The place that a cursor names; null without one. */
export function readCursor(cursor: string | undefined, shape: RegExp): string | null {
  if (cursor === undefined) return null;
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!shape.test(place) || encode(place) !== cursor) {
    throw invalid([
      { field: 'cursor', problem: 'is not a cursor of this list', wouldBeRight: 'the nextCursor of a page' },
    ]);
  }
  return place;
}

/** For lists in descending order of a number; without a cursor greater than every place. */
export function readNumberCursor(cursor: string | undefined): number {
  return Number(readCursor(cursor, /^\d{1,16}$/) ?? Number.MAX_SAFE_INTEGER);
}

/** Shape of the places of lists ordered by instant and id. */
export const INSTANT_AND_ID = /^\d{4}-\d\d-\d\dT[\d:.]{1,20}Z [0-9a-f-]{36}$/;
/** Shape of the places of lists ordered by a name. */
export const NAME = /^[^\u0000]{1,200}$/;

function encode(place: string | number): string {
  return Buffer.from(String(place), 'utf8').toString('base64url');
}

/** The columns of a table: plain numbers side by side instead of an object for each row. */
type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/**
 * The next length of a full column. By half and not by doubling: a table that has just grown takes at most half
 * as much again as it needs, and each row is still copied only about three times.
 */
export function nextLength(length: number): number {
  return Math.ceil(length * 1.5);
}

/** A longer copy of a column; what is new holds 0. */
export function grown<C extends Column>(column: C, length: number): C {
  const longer = new (column.constructor as new (length: number) => C)(length);
  longer.set(column as never);
  return longer;
}

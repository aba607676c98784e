/** The columns of a table: plain numbers side by side instead of an object for each row. */
type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** A longer copy of a column; what is new holds 0. */
export function grown<C extends Column>(column: C, length: number): C {
  const longer = new (column.constructor as new (length: number) => C)(length);
  longer.set(column as never);
  return longer;
}

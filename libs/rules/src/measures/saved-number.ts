/** JSON has neither NaN nor Infinity: what is not known yet is saved as null. */
export type SavedNumber = number | null;

export function toSaved(number: number): SavedNumber {
  return Number.isFinite(number) ? number : null;
}

/** @param unknown stands for null, and for a measure that begins */
export function fromSaved(saved: SavedNumber | undefined, unknown: number): number {
  return saved ?? unknown;
}

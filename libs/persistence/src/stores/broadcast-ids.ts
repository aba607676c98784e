/**
 * Ids of what stands in the ledger, made of its place instead of being kept: a UUID of version 8 (RFC 9562) whose first
 * part is the service alert's number, the second the try (0: the delivery itself) and the last the row's. The ids of a
 * batch's try so lie side by side, and the index of receipts by attempt finds whether any of them has come.
 */
export interface LedgerPlace {
  alertSeq: number;
  seq: number;
}

export function ledgerId({ alertSeq, seq }: LedgerPlace, leaseEpoch = 0): string {
  return `${hex(alertSeq, 8)}-${hex(leaseEpoch, 4)}-8000-8000-${hex(seq, 12)}`;
}

/** @returns null for an id that is not of the ledger */
export function ledgerPlaceOf(id: string): LedgerPlace | null {
  const parts = /^([0-9a-f]{8})-[0-9a-f]{4}-8000-8000-([0-9a-f]{12})$/i.exec(id);
  return parts ? { alertSeq: Number.parseInt(parts[1]!, 16), seq: Number.parseInt(parts[2]!, 16) } : null;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** The same in SQL, of expressions that are integers. */
export function sqlLedgerId(alertSeq: string, leaseEpoch: string, seq: string): string {
  const part = (value: string, digits: number): string => `lpad(to_hex(${value}), ${digits}, '0')`;
  return `(${part(alertSeq, 8)} || '-' || ${part(leaseEpoch, 4)} || '-8000-8000-' || ${part(seq, 12)})::uuid`;
}

/** Ledger rows of one page of the audience begin at a multiple of this: a person has far fewer ways than it leaves room for. */
export const SEQS_PER_PAGE = 65_536;
export const PEOPLE_PER_PAGE = 1_000;
export const BATCHES_PER_PAGE = 4_096;

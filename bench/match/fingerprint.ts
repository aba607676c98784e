/**
 * Adds a transition to the fingerprint of a log of (rule, event, fired or recovered). A sum, since engines report the
 * rules of one event in orders of their own.
 */
export function mix(print: number, rule: number, event: number, fired: boolean): number {
  return (print + Math.imul(Math.imul(rule + 1, 0x9e37_79b1) ^ event, fired ? 0x85eb_ca6b : 0xc2b2_ae35)) | 0;
}

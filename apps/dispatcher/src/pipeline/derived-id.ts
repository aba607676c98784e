import { createHash } from 'node:crypto';

/**
 * An id that the same cause always gets again, as a UUID: sha-256 of the parts, cut to 128 bits, marked as
 * version 8 (RFC 9562, "custom"). A replay then meets its own rows instead of making new ones.
 */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\u0000')).digest('hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

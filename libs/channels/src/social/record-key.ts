import { createHash } from 'node:crypto';

const LETTERS = '234567abcdefghijklmnopqrstuvwxyz';
/** Of the 64 bits: what of the time gives way to the delivery. 2^26 µs are 67 s, and with the clock's own ten bits 36 are left. */
const BITS_OF_DELIVERY = 36n;

/**
 * A record key that follows from a delivery, so that writing the record again meets itself: 13 letters for the
 * microseconds since 1970 and ten bits more. Only the minute is the cause's; the rest comes from the delivery's id, since
 * two deliveries under one key would be one post (with the microsecond kept, 400 at once met within a few tries).
 * @param at epoch ms
 * @see https://atproto.com/specs/tid
 */
export function recordKeyOf(deliveryId: string, at: number): string {
  const hash = createHash('sha256').update(deliveryId).digest();
  const time = ((BigInt(Math.floor(at)) * 1000n) << 10n) >> BITS_OF_DELIVERY;
  let rest = (time << BITS_OF_DELIVERY) | BigInt.asUintN(Number(BITS_OF_DELIVERY), hash.readBigUInt64BE());
  let key = '';
  for (let place = 0; place < 13; place += 1) {
    key = LETTERS.charAt(Number(rest & 31n)) + key;
    rest >>= 5n;
  }
  return key;
}

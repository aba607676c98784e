import type { Channel } from './channel';

/** Shortens an address so that its owner recognises it and nobody can use it: `+49…78`, `a…@example.org`. */
export function addressHint(channel: Channel, address: string): string {
  const at = address.lastIndexOf('@');
  if (channel === 'email' && at > 0) return `${address.slice(0, 1)}…${address.slice(at)}`;
  if (/^https?:\/\//.test(address)) return `${address.split('/')[2] ?? ''}/…`;
  return address.length > 6 ? `${address.slice(0, 3)}…${address.slice(-2)}` : '…';
}

import type { IncomingHttpHeaders } from 'node:http';

/** A provider that asks for more than a day is misread or broken; the delivery's own expiry is the real bound. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * Reads how long to wait from `Retry-After`, as seconds or as HTTP date (RFC 9110, 10.2.3).
 * @param now epoch ms
 * @returns ms from now, at least 0; undefined if the header is missing or unreadable
 */
export function readRetryAfter(headers: IncomingHttpHeaders, now: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return waitOf(Number(text) * 1000);
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined; // Date.parse takes "-5" and "soon 7" for dates
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : waitOf(at - now);
}

/**
 * Reads a reset instant given as Unix seconds, as X and SendGrid do.
 * @returns ms from now, at least 0; undefined if the header is missing or no instant
 */
export function readResetAt(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string' || !/^\d{9,11}$/.test(header.trim())) return undefined;
  return waitOf(Number(header) * 1000 - now);
}

/**
 * Reads a reset instant given as ISO 8601 in UTC, as Mastodon does.
 * @returns ms from now, at least 0; undefined if the header is missing or no instant
 */
export function readResetInstant(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(header.trim())) return undefined;
  const at = Date.parse(header.trim());
  return Number.isNaN(at) ? undefined : waitOf(at - now);
}

function waitOf(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), 0), LONGEST_WAIT_MS);
}

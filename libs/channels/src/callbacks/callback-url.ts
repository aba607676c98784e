/**
 * Where a provider finds us, for addresses that it can reach.
 * @param path below `/v1/callbacks/`
 * @returns undefined on this machine, and for a host with an underscore: a provider refuses an address that it cannot
 *   reach, Twilio such a name too, and with it the message
 */
export function callbackBelow(publicUrl: string | undefined, path: string): string | undefined {
  if (!publicUrl || !URL.canParse(publicUrl)) return undefined;
  const { hostname } = new URL(publicUrl);
  if (hostname === 'localhost' || /^(127\.|\[::1\])|_/.test(hostname)) return undefined;
  return `${publicUrl.replace(/\/+$/, '')}/v1/callbacks/${path}`;
}

/** The URL that a provider tells a status to, with the attempt that it is about. */
export function callbackFor(url: string, attemptId: string): string {
  const withAttempt = new URL(url);
  withAttempt.searchParams.set('attempt', attemptId);
  return withAttempt.href;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The attempt in such a URL; null where there is none that could be ours. */
export function attemptOf(url: string): string | null {
  const attempt = URL.canParse(url) ? new URL(url).searchParams.get('attempt') : null;
  return attempt !== null && UUID.test(attempt) ? attempt.toLowerCase() : null;
}

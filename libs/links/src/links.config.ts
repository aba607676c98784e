/** Where customers reach the API from outside, and what signs the links that lead there. */
export interface LinksConfig {
  /** Origin and, behind a proxy, path; without a slash at its end. */
  publicUrl: string;
  secret: string;
}

export type ReadLinks = { ok: true; config: LinksConfig | null } | { ok: false; problems: string[] };

const SHORTEST_SECRET = 32;

/**
 * Reads `PUBLIC_URL` and `LINK_SECRET`.
 * @returns null where neither is set: messages then carry no links; or all problems at once
 */
export function readLinksConfig(env: Readonly<Record<string, string | undefined>>): ReadLinks {
  const publicUrl = env.PUBLIC_URL?.trim().replace(/\/+$/, '');
  const secret = env.LINK_SECRET?.trim();
  if (!publicUrl && !secret) return { ok: true, config: null };
  const problems = [...addressProblems(publicUrl), ...secretProblems(secret)];
  if (problems.length > 0 || !publicUrl || !secret) return { ok: false, problems };
  return { ok: true, config: Object.freeze({ publicUrl, secret }) };
}

/** A query or a fragment could not be followed by a path. */
function addressProblems(publicUrl: string | undefined): string[] {
  if (!publicUrl) return ['PUBLIC_URL is missing: LINK_SECRET signs links that lead to it.'];
  const isUsable = /^https?:\/\//.test(publicUrl) && URL.canParse(publicUrl) && !/[?#]/.test(publicUrl);
  return isUsable ? [] : ['PUBLIC_URL must be an http(s) address without a query.'];
}

function secretProblems(secret: string | undefined): string[] {
  if (!secret) return ['LINK_SECRET is missing: links to PUBLIC_URL are signed with it.'];
  if (secret.length >= SHORTEST_SECRET) return [];
  return [`LINK_SECRET must have at least ${SHORTEST_SECRET} characters.`];
}

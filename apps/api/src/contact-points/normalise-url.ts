import type { EgressGuard, EgressRefusal } from '@app/channels';
import type { Normalised } from './normalise-address';

const WORDS: Readonly<Record<EgressRefusal, string>> = {
  notAUrl: 'is not a URL',
  notHttps: 'does not begin with https:',
  credentials: 'has a user or a password in it',
  port: 'names a port that nothing is sent to',
  address: 'leads into a network that nothing is sent to',
};

/**
 * Brings a customer's URL to its one form. What it leads to is judged again at each connection: this refuses early what
 * could never work.
 */
export function normaliseUrl(input: string, guard: EgressGuard): Normalised {
  const checked = guard.check(input.trim());
  if (checked.ok) {
    checked.url.hash = '';
    return { ok: true, address: checked.url.href };
  }
  const wouldBeRight = 'a public https address, such as https://hooks.example.org/tidings';
  return { ok: false, problem: { field: 'address', problem: WORDS[checked.refusal], wouldBeRight } };
}

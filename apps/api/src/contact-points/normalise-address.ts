import type { FieldProblem } from '../http/problem';
import type { ADDRESSED_CHANNELS } from './contact-point.dto';

/** URLs have a form and a guard of their own: see `normaliseUrl` and `normaliseChat`. */
type AddressedChannel = Exclude<(typeof ADDRESSED_CHANNELS)[number], 'push' | 'webhook' | 'chat'>;
export type Normalised = { ok: true; address: string } | { ok: false; problem: FieldProblem };

const E164 = /^\+[1-9]\d{6,14}$/;
const DOMAIN = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]';
/** One @, no blanks, a dotted domain of letters, digits and hyphens: what can be sent to, not all that RFC 5322 can spell. */
const MAIL = new RegExp(`^[^\\s@,;:<>()[\\]"\\\\]{1,64}@${DOMAIN}$`, 'i');
/** X by its number, Mastodon as `@user@host`, Bluesky by handle or DID: the form tells the network. */
const ACCOUNT = new RegExp(
  `^(?:\\d{1,19}|@[a-z0-9_](?:[a-z0-9_.-]{0,62}[a-z0-9_])?@${DOMAIN}|${DOMAIN}|did:(?:plc:[a-z2-7]{24}|web:${DOMAIN}))$`,
  'i',
);

/** Brings an address to the one form in which it is kept, so that the same address twice is seen as such. */
export function normaliseAddress(channel: AddressedChannel, input: string): Normalised {
  switch (channel) {
    case 'sms':
    case 'voice':
      return check(
        input.replace(/[\s().\-/]/g, ''),
        E164,
        'a number with country code, such as +4915112345678',
      );
    case 'email':
      return check(lowerDomain(input.trim()), MAIL, 'a mail address, such as ada@example.org');
    case 'social':
      return check(
        socialForm(input.trim()),
        ACCOUNT,
        'the numeric id of an account on X, an account on Mastodon such as @ada@mastodon.example, or one on Bluesky such as ada.bsky.social',
      );
    default:
      return channel satisfies never;
  }
}

function check(address: string, shape: RegExp, wouldBeRight: string): Normalised {
  if (shape.test(address) && address.length <= 254) return { ok: true, address };
  return {
    ok: false,
    problem: { field: 'address', problem: 'is not an address of this channel', wouldBeRight },
  };
}

/** Only the domain ignores case by law; mail boxes may not. */
function lowerDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at + 1) + address.slice(at + 1).toLowerCase();
}

/** Neither Mastodon's nor Bluesky's names know capitals. People write a handle with `@` in front, which is no part of it. */
function socialForm(account: string): string {
  const lower = account.toLowerCase();
  return /^@[^@]+$/.test(lower) ? lower.slice(1) : lower;
}

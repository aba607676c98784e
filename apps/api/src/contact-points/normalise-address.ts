import type { FieldProblem } from '../http/problem';
import type { ADDRESSED_CHANNELS } from './contact-point.dto';

type AddressedChannel = (typeof ADDRESSED_CHANNELS)[number];
type Normalised = { ok: true; address: string } | { ok: false; problem: FieldProblem };

const E164 = /^\+[1-9]\d{6,14}$/;
/** One @, no blanks, a dotted domain of letters, digits and hyphens: what can be sent to, not all that RFC 5322 can spell. */
const MAIL =
  /^[^\s@,;:<>()[\]"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;
const ACCOUNT = /^\d{1,19}$/;

/** Brings an address to the one form in which it is kept, so that the same address twice is seen as such. */
export function normaliseAddress(channel: AddressedChannel, input: string): Normalised {
  switch (channel) {
    case 'sms':
      return check(
        input.replace(/[\s().\-/]/g, ''),
        E164,
        'a number with country code, such as +4915112345678',
      );
    case 'email':
      return check(lowerDomain(input.trim()), MAIL, 'a mail address, such as ada@example.org');
    case 'social':
      return check(input.trim(), ACCOUNT, 'the numeric id of the account, up to 19 digits');
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

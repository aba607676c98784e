import { isHookOf, type EgressGuard, type HookHosts } from '@app/channels';
import type { Normalised } from './normalise-address';
import { normaliseUrl } from './normalise-url';

const WOULD_BE_RIGHT =
  'a hook of Slack (https://hooks.slack.com/services/…), the address of a Teams workflow, or telegram: and the number of a chat';

/**
 * Brings an address of a chat to its one form: an incoming hook on one of the hosts whose hooks are called, or a chat of
 * our bot on Telegram. Which carrier serves it follows from that form.
 */
export function normaliseChat(input: string, guard: EgressGuard, hooks: HookHosts): Normalised {
  const text = input.trim();
  const chat = /^telegram:\s*(-?\d{1,20})$/i.exec(text)?.[1];
  if (chat !== undefined) return { ok: true, address: `telegram:${chat}` };
  if (!isHookOf([...hooks.slack, ...hooks.teams], text)) {
    const problem = 'is not an address of a chat that we can write to';
    return { ok: false, problem: { field: 'address', problem, wouldBeRight: WOULD_BE_RIGHT } };
  }
  return normaliseUrl(text, guard);
}

import type { OutgoingMessage } from '@app/contracts';

/**
 * What a mail tells programs: that a program wrote it, so that no out-of-office note answers (RFC 3834), and how to
 * stop it without opening it (RFC 2369; by one click, RFC 8058, which holds for https alone).
 */
export function mailHeaders({ links }: Pick<OutgoingMessage, 'links'>): Record<string, string> {
  const machine = { 'Auto-Submitted': 'auto-generated' };
  if (!links) return machine;
  const list = { ...machine, 'List-Unsubscribe': `<${links.unsubscribe}>` };
  return links.unsubscribe.startsWith('https:')
    ? { ...list, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
    : list;
}

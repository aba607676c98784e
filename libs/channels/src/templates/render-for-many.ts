import type { NotificationBody } from '@app/contracts';
import type { BulkField, BulkMessage } from '../bulk-message';
import { cleanLine } from './clean-text';
import { escapeHtml } from './mail-html';
import { renderMessage } from './render-message';

export type TextForMany = Pick<BulkMessage, 'subject' | 'text' | 'html' | 'tags'>;

/**
 * Writes one mail for many readers of the same language, with a tag for what differs. It says nothing that depends on
 * a reader's time zone.
 * @param mark lower-case letters and digits that no text of an admin's holds by chance
 * @param hasLinks whether the readers get links of their own
 */
export function renderForMany(
  body: NotificationBody,
  language: string,
  mark: string,
  hasLinks: boolean,
): TextForMany {
  const tags: Record<BulkField, string> = {
    name: `-${mark}-name-`,
    nameHtml: `-${mark}-namehtml-`,
    unsubscribe: `-${mark}-unsubscribe-`,
    preferences: `-${mark}-preferences-`,
  };
  // The renderer links only what is a web address, so one stands in for the tag until the text is written.
  const standIn = `https://${mark}.invalid/preferences`;
  const extra = hasLinks ? { unsubscribeUrl: standIn } : {};
  const write = (name: string) => renderMessage(body, 'email', { name, timeZone: 'UTC', language }, extra);
  const plain = write(tags.name);
  return {
    subject: plain.subject,
    text: plain.text.replaceAll(standIn, tags.preferences),
    html: write(tags.nameHtml).html.replaceAll(standIn, tags.preferences),
    tags,
  };
}

/** A customer's name as it stands in a text for many. */
export function nameForMany(name: string): { name: string; nameHtml: string } {
  const clean = cleanLine(name);
  return { name: clean, nameHtml: escapeHtml(clean) };
}

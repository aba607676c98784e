import type { MessageLinks, NotificationBody } from '@app/contracts';
import type { BulkField, BulkMessage } from '../bulk-message';
import { cleanLine } from './clean-text';
import { escapeHtml } from './mail-html';
import type { MessageWriter } from './message-writer';
import type { RenderedMessage } from './render-message';

export type TextForMany = Pick<BulkMessage, 'subject' | 'text' | 'html' | 'tags'>;

/** What many readers of one language are told. */
export interface OrderForMany {
  body: NotificationBody;
  language: string;
  topic: string;
  /** Lower-case letters and digits that no text of an admin's holds by chance. */
  mark: string;
  /** Whether the readers get links of their own. */
  hasLinks: boolean;
}

/** Somebody's zone in which nothing is as it is in UTC. */
const ELSEWHERE = 'Pacific/Kiritimati';

/**
 * Writes one mail for many readers of the same language, with a tag for what differs.
 * @returns null where the words depend on more than that: a template that changes the name's letters, or tells the time
 */
export function renderForMany(writer: MessageWriter, order: OrderForMany): TextForMany | null {
  const tags = tagsOf(order.mark);
  const written = writeTagged(writer, order, { tags, timeZone: 'UTC' });
  // Whatever somebody else is told is the same but for the tags, or it cannot be told to many.
  const others = tagsOf(`z${order.mark}`);
  const elsewhere = writeTagged(writer, order, { tags: others, timeZone: ELSEWHERE });
  const isForAll = withoutTags(written, tags) === withoutTags(elsewhere, others);
  return isForAll ? { ...written, tags } : null;
}

/**
 * The same for the inbox, where nothing is put in for each reader.
 * @returns null where something would have to be
 */
export function renderInboxForMany(
  writer: MessageWriter,
  order: OrderForMany,
): Pick<RenderedMessage, 'subject' | 'text'> | null {
  const write = (timeZone: string) => {
    const { subject, text } = writeOnce(writer, order, 'inbox', { name: order.mark, timeZone });
    return { subject, text };
  };
  const written = write('UTC');
  const words = JSON.stringify(written);
  const isForAll = !words.toLowerCase().includes(order.mark) && words === JSON.stringify(write(ELSEWHERE));
  return isForAll ? written : null;
}

/** A customer's name as it stands in a text for many. */
export function nameForMany(name: string): { name: string; nameHtml: string } {
  const clean = cleanLine(name);
  return { name: clean, nameHtml: escapeHtml(clean) };
}

type Tags = Readonly<Record<BulkField, string>>;

function tagsOf(mark: string): Tags {
  return {
    name: `-${mark}-name-`,
    nameHtml: `-${mark}-namehtml-`,
    unsubscribe: `-${mark}-unsubscribe-`,
    preferences: `-${mark}-preferences-`,
  };
}

function writeTagged(
  writer: MessageWriter,
  order: OrderForMany,
  { tags, timeZone }: { tags: Tags; timeZone: string },
): Omit<TextForMany, 'tags'> {
  const links = standIns(order.mark);
  const tagged = (text: string): string =>
    text.replaceAll(links.unsubscribe, tags.unsubscribe).replaceAll(links.preferences, tags.preferences);
  const { subject, text } = writeOnce(writer, order, 'email', { name: tags.name, timeZone });
  const { html } = writeOnce(writer, order, 'email', { name: tags.nameHtml, timeZone });
  return { subject: tagged(subject), text: tagged(text), html: tagged(html) };
}

function withoutTags(written: Omit<TextForMany, 'tags'>, tags: Tags): string {
  const whole = [written.subject, written.text, written.html].join('\n');
  return Object.values(tags).reduce((all, tag) => all.replaceAll(tag, '<>'), whole);
}

function writeOnce(
  writer: MessageWriter,
  { body, language, topic, mark, hasLinks }: OrderForMany,
  channel: 'email' | 'inbox',
  reader: { name: string; timeZone: string },
): RenderedMessage {
  const links = hasLinks ? standIns(mark) : null;
  return writer.write({ body, channel, topic, links, recipient: { ...reader, language } });
}

/** Only what is a web address is linked, so these stand in for the tags until the text is written. */
function standIns(mark: string): MessageLinks {
  const site = `https://${mark}.invalid`;
  return { unsubscribe: `${site}/unsubscribe`, preferences: `${site}/preferences` };
}

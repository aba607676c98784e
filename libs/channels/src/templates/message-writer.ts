import type { Channel, MessageLinks, NotificationBody } from '@app/contracts';
import { cleanLine, cleanParagraphs } from './clean-text';
import type { Draft, Recipient } from './draft';
import { draftOf } from './draft-of';
import { escapeHtml } from './mail-html';
import { footOf, shapeDraft, webUrl, type RenderedMessage } from './render-message';
import { TemplateProblem } from './liquid-engine';
import { DEFAULT_LANGUAGE, type Template, type TemplateFault } from './template';
import { templateFacts } from './template-facts';
import { FieldFault, renderTemplate, type CompiledTemplate, type TemplateSet } from './template-set';

/** What is to be said, to whom, and where. */
export interface MessageOrder {
  body: NotificationBody;
  channel: Channel;
  recipient: Recipient;
  topic: string;
  links: MessageLinks | null;
}

export interface WrittenMessage extends RenderedMessage {
  /** Of the words: the template's, or that of the built-in ones. */
  language: string;
}

/** What admins decided about words, as it was last read. */
export interface Wording {
  templates: TemplateSet;
  /** Teams that sign, by topic. */
  signedBy: ReadonlyMap<string, string>;
}

/**
 * Writes messages: by the admin's template if there is one for the kind, the channel and the reader's language, else in
 * the built-in words. A template that fails never holds a message up: the built-in words go out and the fault is told.
 */
export class MessageWriter {
  constructor(
    private readonly wording: () => Wording,
    private readonly onFault: (fault: TemplateFault) => void = () => undefined,
  ) {}

  write(order: MessageOrder): WrittenMessage {
    const { body, channel, recipient } = order;
    const { templates, signedBy } = this.wording();
    const frame: Frame = { ...order, signedBy: signedBy.get(order.topic) ?? '' };
    const found = templates.find(body.kind, channel, recipient.language);
    if (found) {
      const written = tryTemplate(found.compiled, frame);
      if (written.ok) return written.message;
      const { kind, language } = found.template;
      this.onFault({ kind, channel, language, fault: written.fault });
    }
    return writeBuiltIn(frame);
  }
}

type Frame = MessageOrder & { signedBy: string };

export type TriedTemplate = { ok: true; message: WrittenMessage } | { ok: false; fault: string };

/** Writes by one template, or says why not. */
export function tryTemplate(compiled: () => CompiledTemplate, frame: Frame): TriedTemplate {
  try {
    return { ok: true, message: writeByTemplate(compiled(), frame) };
  } catch (error) {
    return { ok: false, fault: error instanceof FieldFault ? error.words : 'cannot be written' };
  }
}

/** The same in the words that are there without any template. */
export function writeBuiltIn(frame: Frame): WrittenMessage {
  const { body, channel, recipient } = frame;
  const draft = draftOf(body, recipient);
  const around = { ...frameOf(frame), name: recipient.name };
  return { ...shapeDraft(draft, channel, around), language: DEFAULT_LANGUAGE };
}

function writeByTemplate(compiled: CompiledTemplate, frame: Frame): WrittenMessage {
  const { body, channel, recipient } = frame;
  const draft = draftOf(body, recipient);
  const { subject, text, html } = renderTemplate(compiled, templateFacts(body, frame, draft));
  const paragraphs = cleanParagraphs(text ?? '');
  if (paragraphs.length === 0) throw new FieldFault('text', new TemplateProblem('writes nothing', null));
  const own: Draft = {
    ...draft,
    subject: cleanLine(subject ?? '') || draft.subject,
    lead: '',
    paragraphs,
    short: [paragraphs.join('\n')],
  };
  // The template greets and signs as it likes; what stands below a mail by law stays.
  const around = { ...frameOf(frame), name: null, signedBy: '' };
  const shaped = shapeDraft(own, channel, around);
  const { language }: Template = compiled.template;
  if (channel !== 'email' || html === null) return { ...shaped, language };
  return { ...shaped, html: withFoot(html, draft.because, webUrl(around.unsubscribeUrl)), language };
}

function frameOf({ body, links, signedBy }: Frame): {
  unsubscribeUrl?: string;
  signedBy: string;
  isCode: boolean;
} {
  return { unsubscribeUrl: links?.preferences, signedBy, isCode: body.kind === 'verificationCode' };
}

/** Before the end of the page, wherever the template put that. */
function withFoot(html: string, because: string, unsubscribeUrl: string | null): string {
  const lines = footOf(because, unsubscribeUrl).split('\n').slice(1).map(escapeHtml);
  const url = unsubscribeUrl && escapeHtml(unsubscribeUrl);
  const linked = lines.map((line) => (url ? line.replace(url, `<a href="${url}">${url}</a>`) : line));
  const foot = `<p style="font-size:13px;color:#5b6470">${linked.join('<br>')}</p>`;
  const end = html.search(/<\/body>/i);
  return end < 0 ? `${html}\n${foot}` : `${html.slice(0, end)}${foot}\n${html.slice(end)}`;
}

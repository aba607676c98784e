import { createHash } from 'node:crypto';
import {
  MessageWriter,
  renderForMany,
  renderInboxForMany,
  TemplateSet,
  type OrderForMany,
  type TextForMany,
} from '@app/channels';
import type { NotificationBody } from '@app/contracts';
import type { BroadcastAlert } from '@app/persistence';

export type Together = 'email' | 'inbox';
type InboxText = { subject: string; text: string };

/** So many service alerts are kept written; more are rarely sent at once. */
const MOST_ALERTS = 8;

class TextsOfAlert {
  readonly mails = new Map<string, TextForMany | null>();
  readonly inboxes = new Map<string, InboxText | null>();
  /** The language under which each text was first met, by its words: languages without words of their own share it. */
  readonly firsts = new Map<string, string>();
  readonly languages = new Map<string, string | null>();
}

/**
 * What a service alert says, written once for each language and not once for each person; all of its people are told the
 * same words, even if a template changes while it is sent.
 */
export class BroadcastTexts {
  private readonly alerts = new Map<number, TextsOfAlert>();
  private readonly builtIn = new MessageWriter(() => ({
    templates: new TemplateSet([]),
    signedBy: new Map(),
  }));

  /** @param hasLinks whether people get signed links of their own */
  constructor(
    private readonly writer: MessageWriter,
    private readonly hasLinks: boolean,
  ) {}

  /**
   * The language in whose name the same words are sent: people of languages that share a text go together.
   * @returns null where the words are different for each reader, and nobody can be told together with others
   */
  languageFor(alert: BroadcastAlert, channel: Together, language: string): string | null {
    const texts = this.of(alert);
    return remember(texts.languages, `${channel}:${language}`, () => {
      const isMail = channel === 'email';
      const words = isMail ? this.mailFor(alert, language) : this.inboxFor(alert, language);
      if (!words) return null;
      return remember(texts.firsts, `${channel}:${JSON.stringify(words)}`, () => language);
    });
  }

  forMail(alert: BroadcastAlert, language: string): TextForMany {
    const own = this.mailFor(alert, language) ?? renderForMany(this.builtIn, this.orderOf(alert, language));
    if (!own) throw new Error('the built-in words are the same for all readers');
    return own;
  }

  forInbox(alert: BroadcastAlert, language: string): InboxText | null {
    return this.inboxFor(alert, language);
  }

  private mailFor(alert: BroadcastAlert, language: string): TextForMany | null {
    const { mails } = this.of(alert);
    return remember(mails, language, () => renderForMany(this.writer, this.orderOf(alert, language)));
  }

  private inboxFor(alert: BroadcastAlert, language: string): InboxText | null {
    const { inboxes } = this.of(alert);
    return remember(inboxes, language, () => renderInboxForMany(this.writer, this.orderOf(alert, language)));
  }

  private orderOf(alert: BroadcastAlert, language: string): OrderForMany {
    const { topic } = alert;
    return { body: bodyOf(alert), language, topic, mark: markOf(alert), hasLinks: this.hasLinks };
  }

  private of({ alertSeq }: BroadcastAlert): TextsOfAlert {
    const known = this.alerts.get(alertSeq);
    if (known) return known;
    const [oldest] = this.alerts.keys();
    if (this.alerts.size >= MOST_ALERTS && oldest !== undefined) this.alerts.delete(oldest);
    const texts = new TextsOfAlert();
    this.alerts.set(alertSeq, texts);
    return texts;
  }
}

export function bodyOf({ serviceAlertId, title, text, severity }: BroadcastAlert): NotificationBody {
  return { kind: 'serviceAlert', facts: { serviceAlertId, title, text, severity } };
}

/** No text holds it by chance, and nobody who writes one can know it. */
function markOf({ serviceAlertId }: BroadcastAlert): string {
  return createHash('sha256').update(serviceAlertId).digest('hex').slice(0, 10);
}

function remember<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as Value;
}

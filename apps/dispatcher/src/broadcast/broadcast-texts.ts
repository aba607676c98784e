import { createHash } from 'node:crypto';
import { renderForMany, renderMessage, type TextForMany } from '@app/channels';
import type { NotificationBody } from '@app/contracts';
import type { BroadcastAlert } from '@app/persistence';

type Together = 'email' | 'inbox';
type InboxText = { subject: string; text: string };

/** So many service alerts are kept written; more are rarely sent at once. */
const MOST_ALERTS = 8;

class TextsOfAlert {
  readonly mails = new Map<string, TextForMany>();
  readonly inboxes = new Map<string, InboxText>();
  /** The language under which each text was first met, by its words: languages without words of their own share it. */
  readonly firsts = new Map<string, string>();
  readonly languages = new Map<string, string>();
}

/** What a service alert says, written once for each language and not once for each person. */
export class BroadcastTexts {
  private readonly alerts = new Map<number, TextsOfAlert>();

  /** @param hasLinks whether people get signed links of their own */
  constructor(private readonly hasLinks: boolean) {}

  /** The language in whose name the same words are sent: people of languages that share a text go together. */
  languageFor(alert: BroadcastAlert, channel: Together, language: string): string {
    const texts = this.of(alert);
    const key = `${channel}:${language}`;
    const known = texts.languages.get(key);
    if (known !== undefined) return known;
    const words = channel === 'email' ? this.forMail(alert, language) : this.forInbox(alert, language);
    const content = `${channel}:${JSON.stringify(words).replaceAll(`lang="${language}"`, '')}`;
    const first = texts.firsts.get(content) ?? language;
    texts.firsts.set(content, first);
    texts.languages.set(key, first);
    return first;
  }

  forMail(alert: BroadcastAlert, language: string): TextForMany {
    return remember(this.of(alert).mails, language, () =>
      renderForMany(bodyOf(alert), language, markOf(alert), this.hasLinks),
    );
  }

  forInbox(alert: BroadcastAlert, language: string): InboxText {
    return remember(this.of(alert).inboxes, language, () => {
      const reader = { name: '', timeZone: 'UTC', language };
      const { subject, text } = renderMessage(bodyOf(alert), 'inbox', reader);
      return { subject, text };
    });
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
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

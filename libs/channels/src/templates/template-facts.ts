import type { AlertFacts, MessageLinks, NotificationBody } from '@app/contracts';
import { cleanLine, cleanParagraphs } from './clean-text';
import type { Draft, Recipient } from './draft';
import { draftOf } from './draft-of';
import { localTime } from './local-time';
import { lastedWords, measureWords, subjectWords, valueWords } from './wording';

export interface FactsFrame {
  recipient: Recipient;
  signedBy: string;
  links: MessageLinks | null;
}

/**
 * What a template can name. Everything is text, cleaned of control characters, unless said otherwise; what does not apply
 * is empty. docs/TEMPLATES.md lists it.
 */
export function templateFacts(
  body: NotificationBody,
  frame: FactsFrame,
  draft: Draft,
): Record<string, unknown> {
  const { recipient, signedBy, links } = frame;
  return {
    kind: body.kind,
    name: cleanLine(recipient.name),
    language: recipient.language,
    timeZone: recipient.timeZone,
    signedBy: cleanLine(signedBy),
    preferencesUrl: links?.preferences ?? '',
    unsubscribeUrl: links?.unsubscribe ?? '',
    builtIn: {
      subject: draft.subject,
      text: draft.paragraphs.join('\n'),
      short: draft.short[0] ?? '',
      because: draft.because,
    },
    ...factsOfKind(body, recipient),
  };
}

function factsOfKind(body: NotificationBody, recipient: Recipient): Record<string, unknown> {
  switch (body.kind) {
    case 'alertFired':
    case 'alertRecovered':
    case 'alertLevel':
    case 'alertRepeated':
    case 'alertUnstable':
    case 'alertSettled':
      return factsOfAlert(body.facts, recipient);
    case 'serviceAlert': {
      const { title, text, severity } = body.facts;
      return { title: cleanLine(title), paragraphs: cleanParagraphs(text), severity };
    }
    case 'digest': {
      const items = body.facts.items.map((one) => cleanLine(draftOf(one.body, recipient).subject));
      return {
        items,
        count: body.facts.count,
        more: body.facts.count - items.length,
        because: body.facts.because,
      };
    }
    case 'contactPointLost':
      return { address: cleanLine(body.facts.addressHint), reason: cleanLine(body.facts.reason) };
    case 'answer':
      return { reply: cleanParagraphs(body.facts.text).join('\n') };
    case 'verificationCode': {
      const { code, expiresAt, link = '' } = body.facts;
      return { code: cleanLine(code), validUntil: localTime(expiresAt, recipient.timeZone, 'time'), link };
    }
    default:
      return body satisfies never;
  }
}

function factsOfAlert(facts: AlertFacts, { timeZone }: Recipient): Record<string, unknown> {
  const value = valueWords(facts);
  return {
    title: cleanLine(facts.ruleTitle),
    condition: cleanLine(facts.condition),
    measure: measureWords(facts),
    metric: cleanLine(facts.metricTitle),
    subject: subjectWords(facts.subject),
    value,
    unit: cleanLine(facts.unit),
    severity: facts.severity ?? '',
    openedBy: facts.openedBy ?? 'value',
    endedBy: facts.endedBy ?? 'value',
    time: localTime(facts.at, timeZone, 'long'),
    timeShort: localTime(facts.at, timeZone, 'short'),
    began: localTime(facts.openedAt, timeZone, 'long'),
    ended: facts.endedAt === undefined ? '' : localTime(facts.endedAt, timeZone, 'long'),
    lasted: lastedWords(Math.max(0, (facts.endedAt ?? facts.at) - facts.openedAt)),
    heldBack: facts.suppressed ?? 0,
    changes: facts.changes ?? 0,
    isStill: facts.isStill ?? false,
    isFiring: facts.isFiring ?? false,
  };
}

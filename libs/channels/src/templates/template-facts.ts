import type { AlertFacts, MessageLinks, NotificationBody, NotificationKind } from '@app/contracts';
import { cleanLine, cleanParagraphs } from './clean-text';
import type { Draft, Recipient } from './draft';
import { draftOf } from './draft-of';
import { localTime } from './local-time';
import { sampleBodies, SAMPLE_RECIPIENT } from './sample-bodies';
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
    name: body.kind === 'verificationCode' ? '' : cleanLine(recipient.name),
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

type Facts = Record<string, unknown>;
type FactsOf = {
  [Body in NotificationBody as Body['kind']]: (facts: Body['facts'], recipient: Recipient) => Facts;
};

const FACTS: FactsOf = {
  alertFired: factsOfAlert,
  alertRecovered: factsOfAlert,
  alertLevel: factsOfAlert,
  alertRepeated: factsOfAlert,
  alertUnstable: factsOfAlert,
  alertSettled: factsOfAlert,
  serviceAlert: ({ title, text, severity }) => ({
    title: cleanLine(title),
    paragraphs: cleanParagraphs(text),
    severity,
  }),
  digest: ({ items, count, because }, recipient) => ({
    items: items.map((one) => cleanLine(draftOf(one.body, recipient).subject)),
    count,
    more: count - items.length,
    because,
  }),
  contactPointLost: ({ addressHint, reason }) => ({
    address: cleanLine(addressHint),
    reason: cleanLine(reason),
  }),
  answer: ({ text }) => ({ reply: cleanParagraphs(text).join('\n') }),
  verificationCode: ({ code, expiresAt, link = '' }, { timeZone }) => ({
    code: cleanLine(code),
    validUntil: localTime(expiresAt, timeZone, 'time'),
    link,
  }),
};

function factsOfKind({ kind, facts }: NotificationBody, recipient: Recipient): Facts {
  const write = FACTS[kind] as (facts: unknown, recipient: Recipient) => Facts; // kind and facts go together
  return write(facts, recipient);
}

/** Everything a template for this kind can name, sorted; with a dot, what stands inside. */
export function templateFactNames(kind: NotificationKind): string[] {
  const [body] = sampleBodies(kind);
  if (!body) return [];
  const frame = { recipient: SAMPLE_RECIPIENT, signedBy: '', links: null };
  const facts = templateFacts(body, frame, draftOf(body, SAMPLE_RECIPIENT));
  const names = Object.entries(facts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : name,
  );
  return names.sort();
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

import {
  formatScaled,
  type AlertFacts,
  type DigestFacts,
  type NotificationBody,
  type NotificationKind,
  type OutgoingMessage,
} from '@app/contracts';

/** Standard Webhooks asks for small payloads; receivers behind gateways refuse large ones. */
export const LONGEST_PAYLOAD = 20_000;

/** `type` of the event, by the kind of notification. They are a contract: new ones may come, these stay. */
export const WEBHOOK_EVENT_TYPES: Readonly<Record<NotificationKind, string>> = {
  alertFired: 'alert.fired',
  alertRecovered: 'alert.recovered',
  alertLevel: 'alert.level_changed',
  alertRepeated: 'alert.repeated',
  alertUnstable: 'alert.unstable',
  alertSettled: 'alert.settled',
  serviceAlert: 'service_alert.published',
  digest: 'digest',
  contactPointLost: 'contact_point.lost',
  answer: 'answer',
  verificationCode: 'contact_point.verification',
};

/**
 * The body of one event: `{ type, timestamp, data }`, under 20,000 bytes. Amounts are decimal texts, so that no reader
 * rounds them; times are ISO 8601 in UTC.
 */
export function webhookPayload(message: OutgoingMessage): string {
  const whole = write(message, { text: message.text, brief: false });
  if (fits(whole)) return whole;
  let { text } = message;
  for (;;) {
    const shorter = write(message, { text, brief: true });
    if (fits(shorter) || text === '') return shorter;
    text = Array.from(text)
      .slice(0, Math.floor(Array.from(text).length / 2))
      .join('');
  }
}

const fits = (payload: string): boolean => Buffer.byteLength(payload) < LONGEST_PAYLOAD;

function write(message: OutgoingMessage, { text, brief }: { text: string; brief: boolean }): string {
  const { about, subject: title, links } = message;
  const { notificationId, topic, body, causedAt } = about;
  return JSON.stringify({
    type: WEBHOOK_EVENT_TYPES[body.kind],
    timestamp: iso(causedAt),
    data: { notificationId, topic, title, text, ...(links && { links }), ...factsOf(body, brief) },
  });
}

/** What is particular to the kind, under a name of its own. */
function factsOf(body: NotificationBody, brief: boolean): Record<string, unknown> {
  if (body.kind === 'serviceAlert') {
    const { serviceAlertId, severity } = body.facts;
    return { serviceAlert: { serviceAlertId, severity } };
  }
  if (body.kind === 'digest') return { digest: digestOf(body.facts, brief) };
  if (body.kind === 'contactPointLost') return { contactPoint: body.facts };
  if (body.kind === 'verificationCode')
    return { verification: { ...body.facts, expiresAt: iso(body.facts.expiresAt) } };
  if (body.kind === 'answer') return {};
  return { alert: alertOf(body.facts) };
}

function alertOf(facts: AlertFacts): Record<string, unknown> {
  const { alertId, ruleId, ruleTitle, condition, metric, unit, subject, scale } = facts;
  return {
    ...{ alertId, ruleId, ruleTitle, condition, metric, unit, subject },
    value: formatScaled(facts.value, scale),
    measure: facts.measure ?? null,
    severity: facts.severity ?? null,
    openedBy: facts.openedBy ?? null,
    endedBy: facts.endedBy ?? null,
    at: iso(facts.at),
    openedAt: iso(facts.openedAt),
    endedAt: facts.endedAt === undefined ? null : iso(facts.endedAt),
  };
}

function digestOf({ digestId, items, count, because }: DigestFacts, brief: boolean): Record<string, unknown> {
  const events = items.map(({ notificationId, body, causedAt }) => ({
    type: WEBHOOK_EVENT_TYPES[body.kind],
    timestamp: iso(causedAt),
    data: { notificationId, ...(brief ? {} : factsOf(body, true)) },
  }));
  return { digestId, count, because, events };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

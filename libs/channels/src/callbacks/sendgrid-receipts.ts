import type { Receipt } from '@app/contracts';

/** One element of what SendGrid's event webhook sends; `custom_args` stand among its members. */
type Event = Readonly<Record<string, unknown>>;
type Progress = Pick<Receipt, 'state' | 'reason' | 'mayRetry' | 'suppress'>;

const going = (state: Receipt['state'], suppress: Receipt['suppress'] = null): Progress => ({
  state,
  reason: '',
  mayRetry: false,
  suppress,
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @see https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const PROGRESS: Readonly<Record<string, (event: Event) => Progress>> = {
  processed: () => going('accepted'),
  deferred: () => going('accepted'),
  delivered: () => going('delivered'),
  open: () => going('seen'),
  click: () => going('seen'),
  bounce: bounceOf,
  dropped: dropOf,
  spamreport: () => ({ ...going('complained', 'complained'), reason: 'complained' }),
  unsubscribe: () => going('delivered', 'optedOut'),
  group_unsubscribe: () => going('delivered', 'optedOut'),
};

/**
 * What SendGrid says of mails. An event without a name or a kind says nothing and is left out; an unknown kind proves
 * that the mail was taken.
 * @param body the array, parsed; anything else gives none
 */
export function readMailEvents(body: unknown, now: number): Receipt[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((event: unknown) =>
    typeof event === 'object' && event !== null ? (readMailEvent(event as Event, now) ?? []) : [],
  );
}

function readMailEvent(event: Event, now: number): Receipt | null {
  const eventId = text(event.sg_event_id);
  const kind = text(event.event);
  if (!eventId || !kind) return null;
  const attemptId = text(event.attempt_id);
  const seconds = Number(event.timestamp);
  return {
    ...(Object.hasOwn(PROGRESS, kind) ? PROGRESS[kind]!(event) : going('accepted')),
    provider: 'sendgrid',
    eventId: eventId.slice(0, 200),
    attemptId: UUID.test(attemptId) ? attemptId.toLowerCase() : null,
    // The answer to the send names the part before the first dot.
    providerMessageId: text(event.sg_message_id).split('.')[0] || null,
    occurredAt: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : now,
    channel: 'email',
    address: text(event.email) || null,
  };
}

/** `blocked` is the receiving server's mood, such as a full mail box; a bounce is its last word on the address. */
function bounceOf(event: Event): Progress {
  if (text(event.type) === 'blocked')
    return { state: 'undelivered', reason: 'softBounce', mayRetry: true, suppress: null };
  return { state: 'bounced', reason: 'bounced', mayRetry: false, suppress: 'bounced' };
}

/** SendGrid itself did not send it, mostly for what it remembers of the address. */
function dropOf(event: Event): Progress {
  const why = text(event.reason);
  const suppress = DROPS.find(([pattern]) => pattern.test(why))?.[1] ?? null;
  return { state: 'undelivered', reason: suppress ?? 'refused', mayRetry: false, suppress };
}

const DROPS: readonly (readonly [RegExp, Receipt['suppress']])[] = [
  [/^bounced address/i, 'bounced'],
  [/^invalid$/i, 'bounced'],
  [/^spam reporting address/i, 'complained'],
  [/^unsubscribed address/i, 'optedOut'],
];

function text(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\u0000', '') : '';
}

import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/** A callback as its provider would send it, ready for `fetch`. */
export interface SignedCallback {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** @returns the status that the provider would see */
export async function postCallback(url: string, { path, headers, body }: SignedCallback): Promise<number> {
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).status;
}

/**
 * Signs as Twilio documents it: HMAC-SHA1 over the address and the fields sorted by name. Written from the
 * documentation and not by the SDK that checks it.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function twilioCallback(
  { publicUrl, token }: { publicUrl: string; token: string },
  path: string,
  fields: Record<string, string>,
): SignedCallback {
  const joined = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name])
    .join('');
  const signature = createHmac('sha1', token).update(`${publicUrl}${path}${joined}`).digest('base64');
  return {
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature,
    },
    body: new URLSearchParams(fields).toString(),
  };
}

/** SendGrid's side of the event webhook: its key pair, and the signature over time and bytes. */
export class SendGridSigner {
  private readonly key: KeyObject;
  /** As SendGrid's settings show it. */
  readonly publicKey: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    this.key = privateKey;
    this.publicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  }

  callback(events: readonly object[], at = Date.now()): SignedCallback {
    const timestamp = String(Math.floor(at / 1000));
    const body = JSON.stringify(events);
    return {
      path: '/v1/callbacks/sendgrid/events',
      headers: {
        'content-type': 'application/json',
        'x-twilio-email-event-webhook-timestamp': timestamp,
        'x-twilio-email-event-webhook-signature': sign(
          'sha256',
          Buffer.from(timestamp + body),
          this.key,
        ).toString('base64'),
      },
      body,
    };
  }
}

/**
 * Telnyx's side of its webhooks: the account's key pair, and the signature over time, a bar and bytes.
 * @see https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export class TelnyxSigner {
  private readonly key: KeyObject;
  /** As Telnyx's portal shows it: the 32 bytes alone. */
  readonly publicKey: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.key = privateKey;
    this.publicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  }

  callback(
    kind: 'message.sent' | 'message.finalized' | 'message.received',
    payload: object,
    { id = randomUUID() as string, at = Date.now(), path = '/v1/callbacks/telnyx/events' } = {},
  ): SignedCallback {
    const timestamp = String(Math.floor(at / 1000));
    const occurredAt = new Date(at).toISOString();
    const body = JSON.stringify({
      data: { event_type: kind, id, occurred_at: occurredAt, payload, record_type: 'event' },
      meta: { attempt: 1, delivered_to: 'https://alerts.example' },
    });
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), this.key).toString('base64');
    const headers = {
      'content-type': 'application/json',
      'telnyx-timestamp': timestamp,
      'telnyx-signature-ed25519': signature,
    };
    return { path, headers, body };
  }
}

import { attemptOf, isFromSendGrid, isFromTelnyx, isFromTwilio, type CallbackFields } from '@app/channels';
import type { ApiRequest } from '../access/principal';
import type { ApiParts } from '../api-parts';
import { forbidden, invalid, notFound } from '../http/problem';

/** Lets through what a provider has signed. Whoever fails stays counted as a stranger; a provider is no stranger. */
export class CallbackGate {
  constructor(private readonly parts: Pick<ApiParts, 'config' | 'strangers'>) {}

  /** @returns the fields of the form, all of them: the signature covers those we do not know too */
  async fromTwilio(request: ApiRequest): Promise<CallbackFields> {
    const { callbacks, links } = this.parts.config;
    if (callbacks.twilioTokens.length === 0 || !links) throw notFound('callback here');
    const fields = Object.fromEntries(new URLSearchParams(bytesOf(request).toString('utf8')));
    const url = `${links.publicUrl}${request.originalUrl}`;
    const signature = request.header('x-twilio-signature');
    if (!isFromTwilio(callbacks.twilioTokens, url, fields, signature)) throw FORGED;
    await this.parts.strangers.forgive(request);
    return fields;
  }

  /** @returns the body, parsed */
  async fromSendGrid(request: ApiRequest): Promise<unknown> {
    const { sendGridKeys } = this.parts.config.callbacks;
    if (sendGridKeys.length === 0) throw notFound('callback here');
    const body = bytesOf(request);
    const signature = request.header('x-twilio-email-event-webhook-signature');
    const timestamp = request.header('x-twilio-email-event-webhook-timestamp');
    if (!isFromSendGrid(sendGridKeys, { signature, timestamp, body }, Date.now())) throw FORGED;
    await this.parts.strangers.forgive(request);
    return parsed(body, 'an array of events');
  }

  /** @returns the body, parsed */
  async fromTelnyx(request: ApiRequest): Promise<unknown> {
    const { telnyxKeys } = this.parts.config.callbacks;
    if (telnyxKeys.length === 0) throw notFound('callback here');
    const body = bytesOf(request);
    const signature = request.header('telnyx-signature-ed25519');
    const timestamp = request.header('telnyx-timestamp');
    if (!isFromTelnyx(telnyxKeys, { signature, timestamp, body }, Date.now())) throw FORGED;
    await this.parts.strangers.forgive(request);
    return parsed(body, 'an event');
  }
}

/** The attempt whose id we put into the callback's address; null where there is none that could be ours. */
export function attemptIn(request: ApiRequest): string | null {
  return attemptOf(`http://here${request.originalUrl}`);
}

const FORGED = forbidden(
  'forged-callback',
  'This was not signed by the provider for this address, or too long ago.',
);

function parsed(body: Buffer, wouldBeRight: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid([{ field: 'body', problem: 'is not JSON', wouldBeRight }]);
  }
}

function bytesOf({ body }: ApiRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

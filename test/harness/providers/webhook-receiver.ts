import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { ProviderServer, type ProviderAnswer, type ProviderRequest } from './provider-server';

export interface WebhookEvent {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * A customer's own server: takes events whose signature its library accepts, and answers as such servers do. v1 is
 * checked by the library of Standard Webhooks, v1a by its public key.
 */
export class WebhookReceiver extends ProviderServer<WebhookEvent> {
  /** Of v1; null checks v1a. */
  secret: string | null = null;
  /** `whpk_…`, of v1a. */
  publicKey: string | null = null;

  protected read(request: ProviderRequest): WebhookEvent | null {
    try {
      return JSON.parse(request.body) as WebhookEvent;
    } catch {
      return null;
    }
  }

  protected judge(request: ProviderRequest): ProviderAnswer {
    if (request.method !== 'POST') return this.refuse(405);
    if (!this.isGenuine(request)) return this.refuse(401);
    return { status: 200, accepted: true, id: String(request.headers['webhook-id']), body: { ok: true } };
  }

  protected refuse(status: number): ProviderAnswer {
    return { status, accepted: false, body: { error: `refused with ${status}` } };
  }

  private isGenuine(request: ProviderRequest): boolean {
    if (this.publicKey !== null) return verifiesV1a(request, this.publicKey);
    if (this.secret === null) return true;
    try {
      new Webhook(this.secret).verify(request.body, request.headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }
}

/** As the specification describes it: any of the header's `v1a` signatures by this key over id, time and body. */
export function verifiesV1a({ headers, body }: ProviderRequest, publicKey: string): boolean {
  const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, content, key, Buffer.from(one.slice(4), 'base64')));
}

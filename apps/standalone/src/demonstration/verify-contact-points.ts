import { setTimeout as delay } from 'node:timers/promises';
import type { DemoCustomer } from './roles';
import type { TidingsClient } from './tidings-client';

type Address = DemoCustomer['contactPoints'][number];

interface ContactPointView {
  contactPointId: string;
  verifiedAt: string | null;
}

interface OutboxView {
  items: { seq: number; deliveryId: string; channel: string; address: string; body: string }[];
}

/** Two addresses of one customer together stay well below what the API allows a customer. */
const LOOK_EVERY_MS = 120;
/** Longer than an API allows between two codes; after that another one is asked for. */
const CODE_WITHIN_MS = 31_000;
const PAGE = 200;
/** Numbers are given before messages are committed: one may appear below another that was there before it. */
const LOOK_BACK = 50;

/**
 * Proves that addresses are the customer's, the real way: each gets a code, and the customer reads it there. In
 * this installation everything sent lies in the outbox, so that is where these customers read.
 */
export async function verifyContactPoints(
  client: TidingsClient,
  addresses: readonly Address[],
): Promise<void> {
  await Promise.all(addresses.map((address) => verifyOne(client, address)));
}

async function verifyOne(client: TidingsClient, address: Address): Promise<void> {
  const added = await client.call<ContactPointView>({
    method: 'POST',
    path: '/v1/me/contact-points',
    body: address,
  });
  if (added.body.verifiedAt !== null) return;
  const path = `/v1/me/contact-points/${added.body.contactPointId}`;
  const inbox = new CodeReader(client, address);
  for (;;) {
    const code = await inbox.nextCode(CODE_WITHIN_MS);
    if (code === null) await client.call({ method: 'POST', path: `${path}/code`, body: {}, also: [429] });
    else if (await isRight(client, path, code)) return;
  }
}

async function isRight(client: TidingsClient, path: string, code: string): Promise<boolean> {
  const answer = await client.call({
    method: 'POST',
    path: `${path}/verification`,
    body: { code },
    also: [422, 409, 410, 429],
  });
  return answer.status < 300;
}

/** Reads the codes that came to one address; each one once. */
class CodeReader {
  private newest = 0;
  private readonly read = new Set<string>();

  constructor(
    private readonly client: TidingsClient,
    private readonly address: Address,
  ) {}

  /** @returns null if none came in time */
  async nextCode(withinMs: number): Promise<string | null> {
    const until = Date.now() + withinMs;
    while (Date.now() < until) {
      const after = Math.max(this.newest - LOOK_BACK, 0);
      const { items } = await this.client.get<OutboxView>(`/outbox/messages?after=${after}&limit=${PAGE}`);
      for (const message of items.filter(({ deliveryId }) => !this.read.has(deliveryId))) {
        this.read.add(message.deliveryId);
        this.newest = Math.max(this.newest, message.seq);
        const code = this.codeIn(message);
        if (code) return code;
      }
      if (items.length < PAGE) await delay(LOOK_EVERY_MS, undefined, { signal: this.client.signal });
    }
    return null;
  }

  private codeIn({ channel, address, body }: OutboxView['items'][number]): string | undefined {
    if (channel !== this.address.channel || address !== this.address.address) return undefined;
    return /\bcode is (\d{4,10})\b/.exec(body)?.[1];
  }
}

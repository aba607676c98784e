import { CHANNELS, type Channel } from '@app/contracts';
import { jwtVerify, type JWTPayload } from 'jose';
import type { Link, LinkPurpose } from './link';

const MAX_LENGTH = 1_024;

/** @returns the link, or null for whatever was not signed with this secret for this purpose, or has run out */
export async function readLink(token: string, purpose: LinkPurpose, secret: string): Promise<Link | null> {
  if (token.length > MAX_LENGTH) return null;
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      audience: purpose,
      requiredClaims: ['sub'],
    });
    return toLink(payload, purpose);
  } catch {
    return null;
  }
}

function toLink({ sub = '', exp, point, topic, channel }: JWTPayload, purpose: LinkPurpose): Link {
  return {
    purpose,
    customerId: sub,
    contactPointId: typeof point === 'string' ? point : null,
    ...(typeof topic === 'string' && { topic }),
    ...(isChannel(channel) && { channel }),
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
  };
}

function isChannel(value: unknown): value is Channel {
  return (CHANNELS as readonly unknown[]).includes(value);
}

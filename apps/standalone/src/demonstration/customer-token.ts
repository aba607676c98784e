import { SignJWT } from 'jose';

/** Long enough for a visitor's afternoon; a real identity provider gives minutes. */
const LIFE = '12h';

/** What the host organisation's identity provider would give a customer who has signed in. */
export async function customerToken(customerId: string, jwtSecret: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(customerId)
    .setIssuedAt()
    .setExpirationTime(LIFE)
    .sign(new TextEncoder().encode(jwtSecret));
}

/** Of what works on links; null in an installation without a public address. */
export const CONSENT = Symbol('consent');
export const PUBLIC_LINKS = Symbol('public links');

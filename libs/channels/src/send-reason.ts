/**
 * Why a message was not simply accepted. The words are stable: they label counters, reach the delivery's history and
 * the pages unchanged, and never carry an address, a body or a secret.
 *
 * - `throttled`: the provider asks us to slow down; nothing was processed
 * - `unreachable`: no connection came about (DNS, connect, TLS), so no byte of the request left
 * - `timeout`: no answer in time; after the request left nobody can know what became of it
 * - `connectionReset`: the connection broke after the request left
 * - `aborted`: we ended the call ourselves, because the process is stopping
 * - `providerError`: the provider failed on its side (5xx)
 * - `unreadableAnswer`: an answer that names no message, so acceptance cannot be proven
 * - `unexpectedAnswer`: an answer this API never gives (a redirect): nothing was taken in
 * - `invalidAddress`: the address does not exist or cannot receive; it needs to be verified again
 * - `unreachableHandset`: the address exists but cannot be reached now
 * - `optedOut`: the recipient asked this sender to stop
 * - `blocked`: the recipient's side refuses messages from us
 * - `content`: the text itself was refused
 * - `duplicateContent`: the same text was posted before; right after an ambiguous attempt this proves acceptance
 * - `configuration`: our account or sender is not set up for this; operators must act
 * - `unauthorized`: our credentials were refused; operators must act
 * - `refused`: refused for a reason the table does not know
 * - `forbiddenAddress`: the customer's URL leads where nothing of ours is sent: into a private network, or not by https
 * - `expired`: its time had passed before the call
 * - `storeFailed`: our own inbox or outbox could not keep it
 * - `internalError`: a bug on our side before anything left
 */
export const SEND_REASONS = [
  'throttled',
  'unreachable',
  'timeout',
  'connectionReset',
  'aborted',
  'providerError',
  'unreadableAnswer',
  'unexpectedAnswer',
  'invalidAddress',
  'unreachableHandset',
  'optedOut',
  'blocked',
  'content',
  'duplicateContent',
  'configuration',
  'unauthorized',
  'refused',
  'forbiddenAddress',
  'expired',
  'storeFailed',
  'internalError',
] as const;
export type SendReason = (typeof SEND_REASONS)[number];

/** What a provider's code means for one attempt: the right side of each adapter's table. */
export interface Verdict {
  kind: 'retryable' | 'rejected' | 'ambiguous';
  reason: SendReason;
}

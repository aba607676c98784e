export const CHANNELS = ['sms', 'email', 'social', 'push', 'webhook', 'chat', 'voice', 'inbox'] as const;
/**
 * How a message reaches a person. Which carrier serves an address of `social` and `chat` follows from the address itself;
 * `sms`, `email` and `voice` may have several carriers that stand in for each other.
 */
export type Channel = (typeof CHANNELS)[number];

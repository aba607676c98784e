import type { Channel } from '@app/contracts';

/** As it follows "by" on a page. */
export const BY: Readonly<Record<Channel, string>> = {
  sms: 'text message',
  email: 'e-mail',
  social: 'social network',
  push: 'push message',
  webhook: 'web hook',
  chat: 'chat',
  voice: 'phone call',
  inbox: 'inbox',
};

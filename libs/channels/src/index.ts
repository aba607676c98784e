export type { ChannelAdapter, EarlierAttempt, Found } from './channel-adapter';
export type { BulkField, BulkMessage, BulkOutcome, BulkRecipient } from './bulk-message';
export { EgressGuard } from './egress/egress-guard';
export type { EgressRefusal, EgressSettings } from './egress/egress-guard';
export { readEgressConfig } from './egress/egress.config';
export { SEND_REASONS } from './send-reason';
export type { SendReason } from './send-reason';
export { readChannelsConfig } from './channels.config';
export type { ChannelsConfig, ReadChannels } from './channels.config';
export { ChannelRegistry, buildChannels } from './channel-registry';
export type { ChannelPorts } from './channel-registry';
export type { MessageKeeper } from './keep-message';
export { TwilioAdapter } from './sms/twilio.channel';
export type { TwilioSettings } from './sms/twilio.channel';
export { SendGridAdapter } from './email/sendgrid.channel';
export type { SendGridSettings } from './email/sendgrid.channel';
export { SmtpAdapter } from './email/smtp.channel';
export type { SmtpSettings } from './email/smtp.channel';
export { WebhookAdapter } from './webhook/webhook.channel';
export type { WebhookSettings } from './webhook/webhook.channel';
export {
  ROTATION_OVERLAP_MS,
  isWebhookKeys,
  newWebhookKeys,
  rotateWebhookKeys,
  webhookPublicKey,
} from './webhook/webhook-keys';
export type { WebhookKeys } from './webhook/webhook-keys';
export { PushAdapter } from './push/push.channel';
export type { PushSettings } from './push/push.channel';
export { readVapidConfig } from './push/push.config';
export { vapidKeysOf } from './push/vapid';
export type { VapidKeys } from './push/vapid';
export { XAdapter } from './social/x.channel';
export type { XSettings } from './social/x.channel';
export { MastodonAdapter } from './social/mastodon.channel';
export type { MastodonSettings } from './social/mastodon.channel';
export { BlueskyAdapter } from './social/bluesky.channel';
export type { BlueskySettings } from './social/bluesky.channel';
export { SlackAdapter } from './chat/slack.channel';
export type { SlackSettings } from './chat/slack.channel';
export { TeamsAdapter } from './chat/teams.channel';
export type { TeamsSettings } from './chat/teams.channel';
export { TelegramAdapter } from './chat/telegram.channel';
export type { TelegramSettings } from './chat/telegram.channel';
export { readHookHosts } from './chat/chat.config';
export { isHookOf, VENDORS_HOSTS } from './chat/hook-hosts';
export type { HookHosts } from './chat/hook-hosts';
export { TwilioVoiceAdapter } from './voice/twilio-voice.channel';
export type { TwilioVoiceSettings } from './voice/twilio-voice.channel';
export { InboxAdapter } from './inbox/inbox.channel';
export { OutboxAdapter } from './outbox/outbox.channel';
export { renderMessage } from './templates/render-message';
export { nameForMany, renderForMany } from './templates/render-for-many';
export type { TextForMany } from './templates/render-for-many';
export type { RenderedMessage } from './templates/render-message';
export type { Recipient } from './templates/draft';
export { smsSegments } from './templates/sms-length';
export { readCallbacksConfig } from './callbacks/callbacks.config';
export type { CallbacksConfig } from './callbacks/callbacks.config';
export { REPLAY_WINDOW_MS, isFromSendGrid, isFromTwilio } from './callbacks/signatures';
export type { SignedEvents } from './callbacks/signatures';
export { readCallStatus, readTextStatus } from './callbacks/twilio-receipts';
export type { CallbackFields } from './callbacks/twilio-receipts';
export { readMailEvents } from './callbacks/sendgrid-receipts';
export { readTextFrom, twimlOf } from './callbacks/inbound-text';
export type { InboundText } from './callbacks/inbound-text';

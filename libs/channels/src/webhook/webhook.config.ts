import { readEgress } from '../egress/egress.config';
import type { SettingReader } from '../provider.config';
import type { WebhookSettings } from './webhook.channel';

/** Web hooks need no account anywhere: they are always carried. */
export function readWebhook(reader: SettingReader): WebhookSettings {
  return { egress: readEgress(reader) };
}

import { isWebhookKeys, webhookPublicKey } from '@app/channels';
import type { KeptContactPoint } from '@app/persistence';
import type { ContactPointView, ContactPointWithSecretView } from './contact-point.dto';

/** What a customer is shown: of the keys nothing but what anybody may know. */
export function toView(point: KeptContactPoint): ContactPointView {
  const { contactPointId, channel, address, verifiedAt, disabledAt, disabledReason, keys } = point;
  const publicKey = isWebhookKeys(keys) ? webhookPublicKey(keys) : null;
  return { contactPointId, channel, address, verifiedAt, disabledAt, disabledReason, publicKey };
}

/** The one time at which a web hook's secret is shown: when it has just been made. */
export function toViewWithSecret(point: KeptContactPoint): ContactPointWithSecretView {
  return { ...toView(point), secret: isWebhookKeys(point.keys) ? point.keys.secret : null };
}

import type { ChannelRegistry, MessageWriter } from '@app/channels';
import { PublicLinks, type LinksConfig } from '@app/links';
import type {
  ContactPointHealthStore,
  DeliveryStore,
  ProviderHealthStore,
  ReceiptInbox,
  ReceiptPollStore,
  TokenBucketStore,
} from '@app/persistence';
import { ContactPointWatch } from '../contact-points/contact-point-watch';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import type { Carrier } from './carriers/carrier';
import { Carriers } from './carriers/carriers';
import { Rates } from './carriers/rates';
import { WeightsKeeper } from './carriers/weights-keeper';
import { Courier, type CourierParts } from './courier';
import { refusedAddress } from '../receipts/refused-address';
import { Delivery } from './delivery';
import { OutcomeRecorder } from './outcome-recorder';
import { ReceiptPoll } from './receipt-poll';
import type { LinksOf } from './send-delivery';

export interface SendingSettings {
  sendConcurrency: number;
  leaseMs: number;
  providerRates: ReadonlyMap<string, number>;
  links: LinksConfig | null;
}

interface SendingSurroundings {
  owner: string;
  deliveries: DeliveryStore;
  buckets: TokenBucketStore;
  health: ProviderHealthStore;
  receipts: ReceiptInbox;
  silent: ReceiptPollStore;
  contactPoints: ContactPointHealthStore;
  channels: ChannelRegistry;
  metrics: DispatcherMetrics;
  writer: MessageWriter;
  now: () => number;
  random: () => number;
  onTrouble: (message: string, error: unknown) => void;
}

/** Everything between a planned delivery and its recorded outcome. */
export function openDelivery(settings: SendingSettings, around: SendingSurroundings): Delivery {
  const { owner, deliveries, channels, metrics, now, random, onTrouble } = around;
  const rates = new Rates(around.buckets, settings.providerRates);
  const carriers = new Carriers(channels, rates, { now, random });
  const recorder = new OutcomeRecorder(deliveries, onTrouble);
  const linksOf = openLinks(settings.links);
  const weights = new WeightsKeeper({ carriers, store: around.health, metrics, onTrouble });
  const onFault = (carrier: Carrier): void => weights.report(carrier);
  const watch = new ContactPointWatch(around.contactPoints, onTrouble);
  const { receipts } = around;
  const onOutcome: CourierParts['onOutcome'] = async (delivery, outcome) => {
    await watch.heard(delivery, outcome);
    const refused = refusedAddress(delivery, outcome, now());
    if (refused)
      await receipts
        .keep([refused])
        .catch((error: unknown) => onTrouble('a refused address could not be kept', error));
  };
  const heard = { receipts, writer: around.writer, onFault, onOutcome };
  const courier = new Courier({ deliveries, carriers, recorder, metrics, linksOf, now, random, ...heard });
  const poll = new ReceiptPoll({ store: around.silent, receipts, carriers, metrics });
  const parts = { deliveries, carriers, recorder, courier, weights, poll, metrics, now, onTrouble };
  return new Delivery({ concurrency: settings.sendConcurrency, leaseMs: settings.leaseMs, owner }, parts);
}

/** A code and our answer to a text have nothing to unsubscribe from; a public post has nobody who could. */
function openLinks(config: LinksConfig | null): LinksOf {
  const links = config && new PublicLinks(config);
  return ({ body, customerId, contactPointId, topic, channel }) =>
    links === null || customerId === null || body.kind === 'verificationCode' || body.kind === 'answer'
      ? null
      : links.linksOf({ customerId, contactPointId, topic, channel });
}

import type { MessageWriter } from '@app/channels';
import { PublicLinks, type LinksConfig } from '@app/links';
import { BroadcastPlanningStore, BroadcastSendingStore, type Database } from '@app/persistence';
import type { Carriers } from '../delivery/carriers/carriers';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { BatchSender } from './batch-sender';
import { BroadcastTexts } from './broadcast-texts';
import { Broadcasts } from './broadcasts';
import { MailCalls } from './mail-calls';
import { Turns } from './turns';

/** A provider that has not answered by then may or may not have taken the call. */
const SEND_TIMEOUT_MS = 10_000;

interface Settings {
  leaseMs: number;
  links: LinksConfig | null;
}

interface Surroundings {
  owner: string;
  database: Database;
  carriers: Carriers;
  writer: MessageWriter;
  metrics: DispatcherMetrics;
  now: () => number;
  random: () => number;
  onTrouble: (message: string, error: unknown) => void;
  onNotified: () => void;
}

export function openBroadcasts({ leaseMs, links }: Settings, around: Surroundings): Broadcasts {
  const { database, carriers, writer, ...rest } = around;
  const planning = new BroadcastPlanningStore(database);
  const sending = new BroadcastSendingStore(database);
  const turns = new Turns();
  const texts = new BroadcastTexts(writer, links !== null);
  // A call must end well before its lease does, or it would be taken over while it runs.
  const timeoutMs = Math.min(SEND_TIMEOUT_MS, leaseMs / 2);
  const publicLinks = links && new PublicLinks(links);
  const sender = new BatchSender({ ...rest, sending, texts, turns, links: publicLinks, timeoutMs });
  return new Broadcasts({
    ...rest,
    leaseMs,
    planning,
    sending,
    sender,
    texts,
    turns,
    calls: new MailCalls(carriers),
  });
}

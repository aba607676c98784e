import type { MessageWriter } from '@app/channels';
import { PublicLinks, type LinksConfig } from '@app/links';
import { BroadcastPlanningStore, BroadcastSendingStore, type Database } from '@app/persistence';
import { callTimes } from '../delivery/call-times';
import type { Carriers } from '../delivery/carriers/carriers';
import type { DispatcherMetrics } from '../observability/dispatcher-metrics';
import { BatchSender } from './batch-sender';
import { BroadcastTexts } from './broadcast-texts';
import { Broadcasts } from './broadcasts';
import { MailCalls } from './mail-calls';
import { Turns } from './turns';

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
  const { sendMs: timeoutMs } = callTimes({}, leaseMs); // of carriers of mail, none of which asks for more
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

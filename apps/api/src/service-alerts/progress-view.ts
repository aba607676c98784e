import type { ServiceAlertProgress } from '@app/persistence';
import type { MessageCounts, ProgressView } from './service-alert.dto';

export const NOT_CONFIRMED: ServiceAlertProgress = {
  people: 0,
  notifications: 0,
  waiting: 0,
  cancelledUnplanned: 0,
  notTold: 0,
  gone: 0,
  byChannel: {},
};

export function progressView(progress: ServiceAlertProgress): ProgressView {
  return {
    ...progress,
    byChannel: progress.byChannel as ProgressView['byChannel'],
    messages: messagesOf(progress),
  };
}

/** Every message and every person not yet planned, each in exactly one of four numbers. */
export function messagesOf({ byChannel, waiting, cancelledUnplanned }: ServiceAlertProgress): MessageCounts {
  const counts = { sent: 0, inFlight: 0, ambiguous: 0, notSent: waiting + cancelledUnplanned };
  for (const states of Object.values(byChannel))
    for (const [state, count] of Object.entries(states)) counts[PLACES[state] ?? 'notSent'] += count;
  return counts;
}

const PLACES: Readonly<Record<string, keyof MessageCounts>> = {
  accepted: 'sent',
  sending: 'inFlight',
  ambiguous: 'ambiguous',
};

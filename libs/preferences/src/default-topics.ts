import { TOPIC_ALERTS, TOPIC_SERVICE, TOPIC_VERIFICATION } from '@app/contracts';

/** A category of notifications, as a preferences page lists it. */
export interface TopicWords {
  topic: string;
  title: string;
  /** Whether the customer may switch it off on a channel. */
  isSwitchable: boolean;
}

/** The topics that exist without being defined, in the order in which to show them. */
export const defaultTopics: readonly TopicWords[] = [
  { topic: TOPIC_ALERTS, title: 'Alerts from your own rules', isSwitchable: true },
  { topic: TOPIC_SERVICE, title: 'Service messages', isSwitchable: true },
  { topic: TOPIC_VERIFICATION, title: 'Codes that prove an address is yours', isSwitchable: false },
];

import type { Channel, Metric } from '@app/contracts';

/** A person of the demonstration, as the host organisation would register them. */
export interface DemoCustomer {
  id: string;
  name: string;
  timeZone: string;
  language: string;
  owns: string[];
  follows: string[];
  contactPoints: { channel: Exclude<Channel, 'inbox'>; address: string }[];
  /** Switches that are not at their default; everything is on by default. */
  preferences: { topic: string; channel: Channel; enabled: boolean }[];
  rules: DemoRule[];
}

/** As `POST /v1/me/rules` takes it; `title` is unique for its customer, so that a rule is found again. */
export interface DemoRule {
  title: string;
  metric: string;
  subjects: string[] | 'owned';
  operator: string;
  threshold: string;
  upper?: string;
  recovery?: string;
  lifecycle?: 'once' | 'recurring';
  topic?: string;
  channels?: Channel[];
  notifyRecovery?: boolean;
}

/** A service alert that the airline's admin sends when the named event has been played. */
export interface DemoServiceAlert {
  /** Event of the timeline, see docs/DEMONSTRATION.md. */
  afterEvent: string;
  draft: {
    title: string;
    text: string;
    severity: 'info' | 'warning' | 'critical';
    audience: { kind: 'subjects'; subjects: string[]; relations: ('owns' | 'follows')[] };
    publicPost: boolean;
  };
}

export interface Cast {
  metrics: Metric[];
  customers: DemoCustomer[];
  serviceAlert: DemoServiceAlert;
}

import type { AlertFacts, AnswerFacts, Channel } from '@app/contracts';
import type { DecisionDetail } from '@app/preferences';
import type { Database } from '../database';

/** A customer who has proven that a number is theirs. */
export interface NumberOwner {
  customerId: string;
  contactPointId: string;
}

/** The alert that was last told to a number, to whose rule an answer refers. */
export interface LastAlert extends NumberOwner {
  notificationId: string;
  ruleId: string;
  topic: string;
  facts: AlertFacts;
  /** The customer's, IANA. */
  timeZone: string;
}

/** What was decided about a notification on one way, as the words for it need. */
export interface KeptReason {
  channel: Channel | null;
  decision: string;
  reason: string;
  detail: DecisionDetail | null;
  /** Of the topic; null where the admin gave none. */
  topicTitle: string | null;
}

export interface InboundRecord {
  provider: string;
  providerMessageId: string;
  sender: string;
  /** Null where nobody has proven the number. */
  customerId: string | null;
  text: string;
  /** What was done: a stable word. */
  action: string;
  /** What was answered; empty for nothing. */
  answer: string;
}

/** Texts that people send us, each dealt with once. */
export class InboundStore {
  constructor(private readonly database: Database) {}

  async isKnown(provider: string, providerMessageId: string): Promise<boolean> {
    const rows = await this.database.query(
      'select 1 from inbound_messages where provider = $1 and provider_message_id = $2',
      [provider, providerMessageId],
    );
    return rows.length > 0;
  }

  /** A number may be a family's. */
  async ownersOf(number: string): Promise<NumberOwner[]> {
    return this.database.query<NumberOwner>(
      `select customer_id as "customerId", id as "contactPointId" from contact_points
       where channel = 'sms' and address = $1 and verified_at is not null order by created_at, id`,
      [number],
    );
  }

  /** @param since alerts told before are too old for an answer to mean them */
  async lastAlertTold(owners: readonly NumberOwner[], since: Date): Promise<LastAlert | null> {
    const [row] = await this.database.query<LastAlert>(
      `select d.customer_id as "customerId", d.contact_point_id as "contactPointId", n.id as "notificationId",
         n.topic, n.facts ->> 'ruleId' as "ruleId", n.facts, c.time_zone as "timeZone"
       from deliveries d join notifications n on n.id = d.notification_id join customers c on c.id = d.customer_id
       where d.contact_point_id = any($1::uuid[]) and d.state = 'accepted' and n.alert_id is not null
         and d.finished_at > $2
       order by d.seq desc limit 1`,
      [owners.map((owner) => owner.contactPointId), since],
    );
    return row ?? null;
  }

  /** The newest decision about it on the way it came. */
  async reasonOf({ notificationId, contactPointId }: LastAlert): Promise<KeptReason | null> {
    const [row] = await this.database.query<KeptReason>(
      `select d.channel, d.decision, d.reason, d.detail, t.policy ->> 'title' as "topicTitle"
       from decisions d join notifications n on n.id = d.notification_id left join topics t on t.name = n.topic
       where d.notification_id = $1 and d.contact_point_id = $2 order by d.id desc limit 1`,
      [notificationId, contactPointId],
    );
    return row ?? null;
  }

  async answersSince(sender: string, since: Date): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from inbound_messages
       where channel = 'sms' and sender = $1 and received_at > $2 and answer <> ''`,
      [sender, since],
    );
    return row?.count ?? 0;
  }

  /**
   * Keeps it, and sends the answer with it.
   * @param answerTo null where the provider is told the answer, or there is none
   * @returns false if it was dealt with before: then nothing is sent
   */
  async keep(record: InboundRecord, answerTo: NumberOwner | null): Promise<boolean> {
    const facts: AnswerFacts | null = answerTo && {
      contactPointId: answerTo.contactPointId,
      text: record.answer,
    };
    const [row] = await this.database.query<{ isNew: boolean }>(KEEP, [
      record.provider,
      record.providerMessageId,
      record.sender,
      record.customerId,
      record.text,
      record.action,
      record.answer,
      answerTo?.customerId ?? null,
      facts && JSON.stringify(facts),
    ]);
    return row?.isNew === true;
  }
}

const KEEP = `with kept as (
    insert into inbound_messages (provider, provider_message_id, channel, sender, customer_id, text, action, answer)
    values ($1, $2, 'sms', $3, $4, $5, $6, $7) on conflict do nothing returning 1),
  answered as (
    insert into notifications (id, customer_id, topic, lane, channels, kind, facts, caused_at)
    select md5($1 || ':' || $2)::uuid, $8, 'service', 'urgent', array['sms'], 'answer', $9, now()
    from kept where $8::text is not null on conflict (id) do nothing returning 1),
  waking as (select pg_notify('notifications', '') from answered)
  select exists (select 1 from kept) as "isNew", (select count(*) from waking) as woken`;

import type { Channel, ContactPoint, PreferenceSheet, Severity, TopicPolicy } from '@app/contracts';
import type { Database } from '../database';
import { SEQS_PER_PAGE } from './broadcast-ids';
import { CLAIM_PAGES, PEOPLE, savePage, WISHES, WRITE_CANCELLED } from './broadcast-planning.sql';

/** What a service alert says, as its broadcast needs it. */
export interface BroadcastAlert {
  alertSeq: number;
  serviceAlertId: string;
  topic: string;
  title: string;
  text: string;
  severity: Severity;
  /** Epoch ms of its confirmation. */
  causedAt: number;
}

/** Some people of an audience who are still to be planned. */
export interface PageToPlan extends BroadcastAlert {
  page: number;
  people: number;
  customerIds: string[];
}

/** One of an audience with all that decides how they are reached. */
export interface AudiencePerson {
  customerId: string;
  name: string;
  language: string;
  /** IANA. */
  timeZone: string;
  contactPoints: (ContactPoint & { pinned: string | null })[];
  /** Contact points that must not be used, with the reason. */
  suppressed: Map<string, string>;
  /** Of the service alert's topic. */
  switches: { channel: Channel; enabled: boolean }[];
  sheet: { version: number; sheet: PreferenceSheet } | null;
}

/** A row of the ledger to be. */
export interface LedgerRow {
  batch: number | null;
  seq: number;
  customerId: string;
  contactPointId: string | null;
  channel: Channel | null;
  /** Null: the batch's. */
  state: 'notTold' | 'asNotification' | null;
  reason: string;
  /** `channel=reason` of the ways not taken, with commas between. */
  passedOver: string | null;
}

export interface BatchToMake {
  batch: number;
  channel: Channel;
  language: string;
  firstSeq: number;
  lastSeq: number;
  people: number;
  /** What is kept for the customer's inbox, in the same transaction; null for what is still to be sent. */
  inbox: { subject: string; text: string } | null;
}

export interface PlannedPage {
  rows: LedgerRow[];
  batches: BatchToMake[];
  /** Who is told by notifications of their own, and on which channels alone; null: on all. */
  notifications: { customerId: string; channels: Channel[] | null }[];
  notTold: number;
  /** Epoch ms. */
  expiresAt: number;
}

/** From an audience's pages to the ledger. */
export class BroadcastPlanningStore {
  constructor(private readonly database: Database) {}

  /** Leases pages that nobody plans; a paused service alert has none. */
  claimPages(limit: number, leaseMs: number): Promise<PageToPlan[]> {
    return this.database.query<PageToPlan>(CLAIM_PAGES, [limit, leaseMs]);
  }

  /** In the order of the ids; who was erased meanwhile is left out. */
  async peopleOf(
    customerIds: readonly string[],
    topic: string,
  ): Promise<{ people: AudiencePerson[]; policy: TopicPolicy | null }> {
    const [rows, [wishes]] = await Promise.all([
      this.database.query<PersonRow>(PEOPLE, [customerIds, topic]),
      this.database.query<WishesRow>(WISHES, [customerIds, topic]),
    ]);
    const people = gather(rows);
    if (wishes) addWishes(people, wishes);
    return { people: [...people.values()], policy: wishes?.policy ?? null };
  }

  /** As the admin wrote it; null where nobody has. */
  async policyOf(topic: string): Promise<TopicPolicy | null> {
    const sql = 'select policy from topics where name = $1';
    const [row] = await this.database.query<{ policy: TopicPolicy }>(sql, [topic]);
    return row?.policy ?? null;
  }

  /** @returns false if the page was cancelled, planned by somebody else or one of its people erased: nothing was written */
  async save({ alertSeq, page, people, customerIds }: PageToPlan, plan: PlannedPage): Promise<boolean> {
    const { rows, batches, notifications } = plan;
    const kept = batches.filter((batch) => batch.inbox);
    const gone = people - new Set(rows.map((row) => row.customerId)).size;
    const saved = await this.database.query(savePage(notifications.length > 0), [
      alertSeq,
      page,
      notifications.length,
      plan.notTold,
      gone,
      rows.map((row) => row.batch),
      rows.map((row) => row.seq),
      rows.map((row) => row.customerId),
      rows.map((row) => row.contactPointId),
      rows.map((row) => row.channel),
      rows.map((row) => row.state),
      rows.map((row) => row.reason),
      rows.map((row) => row.passedOver),
      batches.map((batch) => batch.batch),
      batches.map((batch) => batch.channel),
      batches.map((batch) => batch.language),
      batches.map((batch) => batch.firstSeq),
      batches.map((batch) => batch.lastSeq),
      batches.map((batch) => batch.people),
      batches.map((batch) => (batch.inbox ? 'accepted' : 'pending')),
      plan.expiresAt,
      notifications.map((one) => one.customerId),
      notifications.map((one) => one.channels?.join(',') ?? null),
      kept.map((batch) => batch.batch),
      kept.map((batch) => batch.inbox?.subject ?? ''),
      kept.map((batch) => batch.inbox?.text ?? ''),
      customerIds.length,
    ]);
    return saved.length > 0;
  }

  /** Writes down people of cancelled pages. @returns false once there are none */
  async writeCancelled(): Promise<boolean> {
    return (await this.database.query(WRITE_CANCELLED, [SEQS_PER_PAGE])).length > 0;
  }
}

interface PersonRow {
  customerId: string;
  name: string;
  language: string;
  timeZone: string;
  contactPointId: string | null;
  channel: Channel;
  address: string;
  verified: boolean;
  pinned: string | null;
  suppressed: string | null;
}

interface WishesRow {
  switches: { customerId: string; channel: Channel; enabled: boolean }[];
  sheets: { customerId: string; version: number; sheet: PreferenceSheet }[];
  policy: TopicPolicy | null;
}

function addWishes(people: ReadonlyMap<string, AudiencePerson>, { switches, sheets }: WishesRow): void {
  for (const { customerId, channel, enabled } of switches)
    people.get(customerId)?.switches.push({ channel, enabled });
  for (const { customerId, version, sheet } of sheets) {
    const person = people.get(customerId);
    if (person) person.sheet = { version, sheet };
  }
}

/** Only whether it was verified is known here, and only that is asked. */
const VERIFIED = new Date(0);

function gather(rows: readonly PersonRow[]): Map<string, AudiencePerson> {
  const people = new Map<string, AudiencePerson>();
  for (const { contactPointId, channel, address, verified, pinned, suppressed, ...facts } of rows) {
    let person = people.get(facts.customerId);
    if (!person) {
      person = { ...facts, contactPoints: [], suppressed: new Map(), switches: [], sheet: null };
      people.set(facts.customerId, person);
    }
    if (contactPointId === null) continue;
    const verifiedAt = verified ? VERIFIED : null;
    const { customerId } = facts;
    person.contactPoints.push({ contactPointId, customerId, channel, address, verifiedAt, pinned });
    if (suppressed !== null) person.suppressed.set(contactPointId, suppressed);
  }
  return people;
}

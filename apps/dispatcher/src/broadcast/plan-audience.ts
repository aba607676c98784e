import {
  BATCHES_PER_PAGE,
  SEQS_PER_PAGE,
  type AudiencePerson,
  type BatchMember,
  type LedgerRow,
  type PageToPlan,
  type PlannedPage,
} from '@app/persistence';
import type { BroadcastTexts } from './broadcast-texts';
import type { PersonDecisions, TakenWay } from './decide-person';

export interface PlanningRules {
  decisions: PersonDecisions;
  texts: BroadcastTexts;
  /** The most people that one call for mail may be for; null where no carrier takes many at once. */
  mailAtMost: number | null;
  now: number;
  ttlMs: number;
}

export interface AudiencePlan extends PlannedPage {
  /** Who is told by each batch that is to be sent. */
  members: Map<number, BatchMember[]>;
}

/** People who may be told in one call: of one channel and text, no address and no person twice. */
interface Group {
  channel: 'email' | 'inbox';
  language: string;
  taken: Set<string>;
  told: { person: AudiencePerson; way: TakenWay; address: string; passedOver: string | null }[];
}

/**
 * Turns a page of an audience into ledger rows: who is told together with others, who by a notification of their own
 * (what is held, gathered or told in steps, and channels that take one message at a time), and who not at all.
 * Rows of a batch follow each other, so that a batch is a range of them.
 */
export function planAudience(
  page: PageToPlan,
  people: readonly AudiencePerson[],
  rules: PlanningRules,
): AudiencePlan {
  const plan = new PageInTheMaking(page, rules);
  for (const person of people) plan.add(person);
  return plan.done();
}

class PageInTheMaking {
  private readonly groups: Group[] = [];
  private readonly alone: Omit<LedgerRow, 'seq'>[] = [];
  private readonly notifications: PlannedPage['notifications'] = [];
  private notTold = 0;

  constructor(
    private readonly page: PageToPlan,
    private readonly rules: PlanningRules,
  ) {}

  add(person: AudiencePerson): void {
    const { customerId } = person;
    const decision = this.rules.decisions.of(person, this.rules.now);
    if (decision.kind === 'asNotification') {
      this.notifications.push({ customerId, channels: null });
      this.addAlone(customerId, 'asNotification', 'ownHours', null);
      return;
    }
    const together = decision.ways.filter((way) => this.isTogether(person, way));
    for (const [n, way] of together.entries())
      this.addTogether(person, way, n === 0 ? decision.passedOver : null);
    const channels = [
      ...new Set(decision.ways.filter((way) => !together.includes(way)).map((way) => way.channel)),
    ];
    const passedOver = together.length > 0 ? null : decision.passedOver;
    if (channels.length > 0) {
      this.notifications.push({ customerId, channels });
      this.addAlone(customerId, 'asNotification', 'ownMessage', passedOver);
    } else if (together.length === 0) {
      this.notTold += 1;
      this.addAlone(customerId, 'notTold', 'noWayOpen', passedOver);
    }
  }

  done(): AudiencePlan {
    const { page } = this.page;
    const rows: LedgerRow[] = [];
    const batches: PlannedPage['batches'] = [];
    const members: AudiencePlan['members'] = new Map();
    let seq = page * SEQS_PER_PAGE;
    for (const { channel, language, told } of this.groups) {
      const batch = page * BATCHES_PER_PAGE + batches.length;
      const firstSeq = seq + 1;
      const inBatch: BatchMember[] = [];
      for (const { person, way, address, passedOver } of told) {
        const { customerId, name } = person;
        const contactPointId =
          way.point === null ? null : (person.contactPoints[way.point]?.contactPointId ?? null);
        seq += 1;
        rows.push({
          batch,
          seq,
          customerId,
          contactPointId,
          channel,
          state: null,
          reason: way.reason,
          passedOver,
        });
        inBatch.push({ seq, customerId, contactPointId, address, name });
      }
      const inbox = channel === 'inbox' ? this.rules.texts.forInbox(this.page, language) : null;
      batches.push({ batch, channel, language, firstSeq, lastSeq: seq, people: told.length, inbox });
      if (!inbox) members.set(batch, inBatch);
    }
    for (const row of this.alone) rows.push({ ...row, seq: (seq += 1) });
    const { notifications, notTold } = this;
    const expiresAt = this.rules.now + this.rules.ttlMs;
    return { rows, batches, members, notifications, notTold, expiresAt };
  }

  /** Whoever is bound to one carrier, or gets words of their own, is told by those who know of that. */
  private isTogether(person: AudiencePerson, { channel, point }: TakenWay): boolean {
    const { texts, mailAtMost } = this.rules;
    if (channel === 'inbox') return texts.languageFor(this.page, channel, person.language) !== null;
    if (channel !== 'email' || mailAtMost === null || point === null) return false;
    const isBound = person.contactPoints.some((each) => each.channel === 'email' && each.pinned !== null);
    return !isBound && texts.languageFor(this.page, channel, person.language) !== null;
  }

  private addTogether(person: AudiencePerson, way: TakenWay, passedOver: string | null): void {
    const channel = way.channel === 'inbox' ? 'inbox' : 'email';
    const address = way.point === null ? person.customerId : (person.contactPoints[way.point]?.address ?? '');
    const language = this.rules.texts.languageFor(this.page, channel, person.language) ?? person.language;
    const key = address.toLowerCase();
    const most = channel === 'email' ? (this.rules.mailAtMost ?? 0) : Number.POSITIVE_INFINITY;
    let group = this.groups.find(
      (each) =>
        each.channel === channel &&
        each.language === language &&
        each.told.length < most &&
        !each.taken.has(key) &&
        !each.taken.has(person.customerId),
    );
    if (!group) this.groups.push((group = { channel, language, taken: new Set(), told: [] }));
    group.taken.add(key).add(person.customerId);
    group.told.push({ person, way, address, passedOver });
  }

  private addAlone(
    customerId: string,
    state: 'asNotification' | 'notTold',
    reason: string,
    passedOver: string | null,
  ): void {
    const nowhere = { batch: null, contactPointId: null, channel: null };
    this.alone.push({ ...nowhere, customerId, state, reason, passedOver });
  }
}

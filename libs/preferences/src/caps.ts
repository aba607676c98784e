import type { Cap, Channel, PreferenceSheet } from '@app/contracts';
import { calendarOf } from '@app/wall-time';

export type CapSpan = 'hour' | 'day';
export type CapChannel = Channel | 'all';

/** Messages that went, or will go, on a channel in one hour or day of the customer's wall clock. */
export interface CapUse {
  channel: CapChannel;
  span: CapSpan;
  /** Epoch ms. */
  startsAt: number;
  used: number;
}

/** A cap that leaves no room, and when it does again. */
export interface ReachedCap {
  channel: CapChannel;
  span: CapSpan;
  limit: number;
  used: number;
  /** Epoch ms. */
  resetsAt: number;
}

interface CapInForce extends Omit<ReachedCap, 'used'> {
  startsAt: number;
}

/**
 * Counts the messages of one customer against their caps. Only what a cap is set for is counted, so a cap counts from
 * the moment it is set.
 */
export class CapBook {
  private readonly used: CapUse[];
  /** What was taken since the book was opened, one entry for each span. */
  readonly taken: CapUse[] = [];

  constructor(
    private readonly caps: NonNullable<PreferenceSheet['caps']>,
    private readonly timeZone: string,
    used: readonly CapUse[],
  ) {
    this.used = [...used];
  }

  /** The cap that keeps a message from going on a channel at an instant: of several the one that holds longest. */
  reached(channel: Channel, at: number): ReachedCap | null {
    let longest: ReachedCap | null = null;
    for (const { startsAt, ...cap } of this.inForce(channel, at)) {
      const used = this.usedIn({ startsAt, ...cap });
      if (used >= cap.limit && (!longest || cap.resetsAt > longest.resetsAt)) longest = { ...cap, used };
    }
    return longest;
  }

  take(channel: Channel, at: number): void {
    for (const { channel: counted, span, startsAt } of this.inForce(channel, at)) {
      const use = { channel: counted, span, startsAt, used: 1 };
      this.used.push(use);
      const same = this.taken.find(
        (each) => each.channel === counted && each.span === span && each.startsAt === startsAt,
      );
      if (same) same.used += 1;
      else this.taken.push({ ...use });
    }
  }

  /** By the span in which a count began, and not by its very beginning: the customer may have moved to another zone. */
  private usedIn({ channel, span, startsAt, resetsAt }: CapInForce): number {
    let sum = 0;
    for (const use of this.used)
      if (use.channel === channel && use.span === span && use.startsAt >= startsAt && use.startsAt < resetsAt)
        sum += use.used;
    return sum;
  }

  private inForce(channel: Channel, at: number): CapInForce[] {
    const own = this.capsOf(channel, this.caps[channel], at);
    return channel === 'inbox' ? own : [...own, ...this.capsOf('all', this.caps.all, at)];
  }

  private capsOf(channel: CapChannel, cap: Cap | undefined, at: number): CapInForce[] {
    const caps: CapInForce[] = [];
    const add = (span: CapSpan, limit: number | undefined): void => {
      if (limit === undefined) return;
      const { start, end } = calendarOf(span, this.timeZone).spanOf(at);
      caps.push({ channel, span, limit, startsAt: start, resetsAt: end });
    };
    add('hour', cap?.perHour);
    add('day', cap?.perDay);
    return caps;
  }
}

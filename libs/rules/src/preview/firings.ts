import type { EndedBy, InstanceChange, OpenedBy } from '../instance';
import { decideNotice } from '../notices/decide-notice';
import {
  NEW_NOTICE_STATE,
  NO_MUTES,
  type HeldReason,
  type NoticeState,
  type Occasion,
} from '../notices/notice';
import type { NoticePolicy } from '../notice-policy';

/** One alert that would have been. Instants are epoch ms, values scaled integers of the measure. */
export interface Firing {
  subject: string;
  openedAt: number;
  value: number;
  /** The highest it reached; 0 without levels. */
  level: number;
  openedBy: OpenedBy;
  /** Null: still open. */
  resolvedAt: number | null;
  resolvedValue: number | null;
  endedBy: EndedBy | null;
  /** Whether a message would have told of it, and if not, why. */
  told: boolean;
  heldReason: HeldReason | null;
}

/** Turns the changes of one instance into its alerts, and asks of each moment whether it would have been told. */
export class FiringBook {
  readonly firings: Firing[] = [];
  /** Messages of every kind. */
  messages = 0;
  private open: Firing | null = null;
  private notice: NoticeState = NEW_NOTICE_STATE;

  constructor(
    private readonly subject: string,
    private readonly policy: NoticePolicy,
  ) {}

  take(change: InstanceChange): void {
    const { transition, at } = change;
    const level = change.progress?.level ?? 0;
    switch (transition) {
      case 'fired':
        this.begin(change, level);
        return this.tell({ kind: 'fired', at, level });
      case 'levelChanged':
        if (this.open) this.open.level = Math.max(this.open.level, level);
        return this.tell({ kind: 'levelChanged', at, level });
      case 'recovered':
        return this.end(change);
      case 'none':
        return;
      default:
        transition satisfies never;
    }
  }

  /** What would have been told until then without any further change. */
  finish(until: number): void {
    this.tell({ kind: 'due', at: until });
  }

  private begin({ at, value, openedBy = 'value' }: InstanceChange, level: number): void {
    this.open = {
      ...{ subject: this.subject, openedAt: at, value, level, openedBy },
      ...{ resolvedAt: null, resolvedValue: null, endedBy: null, told: false, heldReason: null },
    };
    this.firings.push(this.open);
  }

  /** What ends by its own terms is over without a word. */
  private end({ at, value, endedBy = 'value' }: InstanceChange): void {
    const { open } = this;
    const isSilent = endedBy === 'rearmed' || (endedBy === 'expired' && open?.openedBy === 'expiry');
    this.tell({ kind: isSilent ? 'ended' : 'recovered', at });
    if (open) Object.assign(open, { resolvedAt: at, resolvedValue: value, endedBy });
    this.open = null;
  }

  private tell(occasion: Occasion): void {
    const { decisions, state } = decideNotice(this.policy, this.notice, occasion, NO_MUTES);
    this.notice = state;
    for (const { tell, reason } of decisions) {
      if (tell) this.messages += 1;
      if (!this.open || this.open.told) continue;
      if (tell?.firing) Object.assign(this.open, { told: true, heldReason: null });
      else this.open.heldReason ??= reason;
    }
  }
}

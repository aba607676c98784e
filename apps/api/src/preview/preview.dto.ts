import { IsInt, Max, Min } from 'class-validator';
import type { EndedBy, HeldReason, OpenedBy } from '@app/rules';
import { CreateRuleDto } from '../rules/rule.dto';
import { MayBeLeftOut } from '../rules/rule-validators';

/** A rule as it would be saved, and how far to look back. */
export class PreviewRuleDto extends CreateRuleDto {
  /** Days before the latest event. Default 90. */
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(366)
  days?: number;
}

export class FiringView {
  subject: string;
  openedAt: Date;
  /** Null: it would still be open. */
  resolvedAt: Date | null;
  /** Number of the measure that decided: decimal text in its unit. */
  value: string;
  resolvedValue: string | null;
  /** The highest that it reached, counted from 1; 0 without levels. */
  level: number;
  openedBy: OpenedBy;
  endedBy: EndedBy | null;
  /** Whether a message would have told of it; otherwise why not. */
  told: boolean;
  heldReason: HeldReason | null;
}

export class MonthView {
  /** @example "2026-11" */
  month: string;
  firings: number;
  told: number;
}

export class PlotPointView {
  at: Date;
  /** Decimal text in the metric's unit. */
  value: string;
}

export class PlotView {
  subject: string;
  metric: string;
  unit: string;
  /** At most 500; of each stretch of time the lowest and the highest, in their order. */
  points: PlotPointView[];
}

export class SuggestionView {
  /** Decimal text in the measure's unit. */
  threshold: string;
  firings: number;
  words: string;
}

export class PreviewView {
  /** What the rule would do, in full sentences. */
  words: string;
  /** The first and the latest event looked at; null if there is none. */
  from: Date | null;
  to: Date | null;
  /** How often it would have fired. */
  firingCount: number;
  /** Of these, how many a message would have told of. */
  toldCount: number;
  /** Messages of every kind: firings, ends, repetitions. */
  messageCount: number;
  /** The latest 200, oldest first. */
  firings: FiringView[];
  /** Calendar months in the customer's zone. */
  months: MonthView[];
  mostOnOneDay: number;
  series: PlotView[];
  /** Another threshold, where the rule would be noisy. */
  suggestion: SuggestionView | null;
  /** What to know about this answer: that the past is shorter than asked for, or thinned; empty if it is whole. */
  notes: string[];
}

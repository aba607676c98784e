import type { FlapHistory } from './flapping';

/**
 * What happens to one instance's alert, in the order in which alerts are raised. `due`: the instant that the last
 * outcome named has come; `mutesChanged`: a snooze or a maintenance window was set, moved or lifted; `ended`: the
 * rule's owner ended the alert (removed, paused, changed), which needs no word.
 * `at` is epoch ms: event time of a change, the clock of a `due` (the instant itself, or later after an outage).
 */
export type Occasion =
  | { kind: 'fired' | 'levelChanged'; at: number; /** Of the instance; 0 without levels. */ level: number }
  | { kind: 'recovered' | 'ended' | 'due' | 'mutesChanged'; at: number };

/** What holds messages back besides the rule's own hours. */
export interface Mutes {
  /** Epoch ms; null: not snoozed. */
  snoozedUntil: number | null;
  /** Half-open, epoch ms; may overlap, in any order. */
  maintenance: readonly { from: number; until: number }[];
}

export const NO_MUTES: Mutes = { snoozedUntil: null, maintenance: [] };

/**
 * `stillFiring`: word of an alert that a mute had held back; `repeat`: nothing new; `level`: another severity;
 * `unstable`, then `digest`: the state alternates too quickly for single messages; `settled`: it no longer does.
 */
export const TELLINGS = [
  'fired',
  'stillFiring',
  'level',
  'repeat',
  'recovered',
  'unstable',
  'digest',
  'settled',
] as const;
export type TellingKind = (typeof TELLINGS)[number];

/** A message to send. */
export interface Telling {
  kind: TellingKind;
  /** Epoch ms. */
  at: number;
  /** Counts the tellings of the instance from 1: with it, each message has an id of its own that a replay finds again. */
  ordinal: number;
  /** Other firings that were held back since the last telling. */
  suppressed: number;
  /** Whether the alert is open, and on which level; 0 without levels. */
  firing: boolean;
  level: number;
  /** With `unstable` and `digest`: changes of state since stability was last spoken of; otherwise 0. */
  changes: number;
}

/** Why a moment was not told. The first three are mutes: what still holds when they end is told then. */
export const HELD_REASONS = [
  'maintenance',
  'snoozed',
  'outsideHours',
  'flapping',
  'cooldown',
  'dailyCap',
  'notAsked',
  'firingNotTold',
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/** One moment and what became of it: told, or not and why. */
export type NoticeDecision = { tell: Telling; reason: null } | { tell: null; reason: HeldReason; at: number };

/** Kept with the instance, as JSON; begins as `NEW_NOTICE_STATE`, and anew when the rule starts anew. */
export interface NoticeState {
  /** The alert that is open; null while none is. */
  open: { told: boolean; level: number; toldLevel: number } | null;
  suppressed: number;
  /** Tellings so far. */
  ordinal: number;
  /** Event time of the last firing told. */
  firingToldAt: number | null;
  /** Firings told on the calendar day `date` (YYYY-MM-DD). */
  day: { date: string; told: number } | null;
  repeatAt: number | null;
  /** End of the mute that holds back something to tell. */
  muteEndsAt: number | null;
  /** Null where flapping is not damped, or nothing has happened yet. */
  flapping: Flapping | null;
}

export interface Flapping extends FlapHistory {
  /** Null while the state is stable enough for single messages. */
  unstable: {
    told: boolean;
    changes: number;
    /** Next word about it; null: not before it ends. */
    nextAt: number | null;
    /** End of it if nothing changes any more. */
    endsAt: number;
    /** A firing was told whose end fell into the unstable time. */
    owesEnd: boolean;
  } | null;
}

export const NEW_NOTICE_STATE: NoticeState = {
  open: null,
  suppressed: 0,
  ordinal: 0,
  firingToldAt: null,
  day: null,
  repeatAt: null,
  muteEndsAt: null,
  flapping: null,
};

export interface NoticeOutcome {
  /** In order: first what had become due before the occasion, then the occasion itself; may be empty. */
  decisions: NoticeDecision[];
  state: NoticeState;
  /** The instant at which `due` is to be asked, epoch ms; null: not before the next change. */
  dueAt: number | null;
}

/** Hours on a wall clock, half-open; `from` after `to` runs overnight and belongs to the day on which it starts. */
export interface ActiveHours {
  /** IANA. */
  timeZone: string;
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  days: number[];
  /** `HH:MM` */
  from: string;
  /** `HH:MM` */
  to: string;
}

/**
 * Which of an alert's moments are told. It holds messages back, never the alert: evaluation goes on, the count of what
 * was held back is told with the next message, and what still holds at the end of a mute is told once.
 */
export interface NoticePolicy {
  onRecovery: boolean;
  /** For rules with several levels. */
  onLevel: 'rise' | 'any' | 'none';
  /** While firing; null: tell once. */
  repeatEveryMs: number | null;
  /** After a firing was told, further firings are held back for this long. */
  cooldownMs: number | null;
  /** Firings told on one calendar day in `timeZone`; 1 is "once a day". */
  maxPerDay: number | null;
  /** The customer's, IANA. */
  timeZone: string;
  /** Empty: always. */
  activeHours: ActiveHours[];
  /** Changes of state in quick alternation are told once as unstable, then in an hourly digest. */
  dampFlapping: boolean;
}

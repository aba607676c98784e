/** The colour that a mail carries beside its text; no other channel shows it. */
export type Tone = 'alert' | 'over' | 'info' | 'warning' | 'critical';

/** Who reads it; a public post has no name. */
export interface Recipient {
  name: string;
  /** IANA. */
  timeZone: string;
  /** BCP 47; texts are in English so far. */
  language: string;
}

/** What a message says, before a channel gives it its shape. All of it plain text in single lines. */
export interface Draft {
  subject: string;
  tone: Tone;
  /** The sentences that matter, first things first. */
  paragraphs: string[];
  /** Stands above the sentences where no subject is shown: without it they would not say what they are about. */
  lead?: string;
  /** A web address of ours in the sentences, which a mail makes a link; nobody else's ever is. */
  link?: string;
  /** Why the reader gets this; mail only, in small print. */
  because: string;
  /** Whole texts for channels that count letters, the fullest first. */
  short: string[];
}

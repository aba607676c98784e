import type { Past } from '@app/rules';

/** The past of the subjects that were looked at. */
export interface Looked {
  subjects: { subject: string; past: Past }[];
  /** How many the rule would watch. */
  watched: number;
}

/** What a measure of one series has gathered, as a checkpoint keeps it beside the series' last value. */
export interface SavedMeasure {
  metric: string;
  subject: string;
  /** Names the measure among those of the series; not for people. */
  key: string;
  /** JSON-able; null: nobody asks for the measure any more, and what was kept of it can go. */
  state: unknown;
}

/** Another engine over the same workload. */
export interface Peer {
  /** Processes all events once. @returns the fingerprint of the transitions */
  pass(): Promise<number>;
  /** Seconds on the clock that is fair to it: where it waits for another process, that counts too. */
  clock(): number;
  end(): Promise<void>;
}
